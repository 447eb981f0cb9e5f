"""Training loop around tf.train.Supervisor."""
import tempfile
import numpy as np
import tensorflow as tf

logdir = tempfile.mkdtemp()
rng = np.random.RandomState(30)
features = rng.rand(18, 4).astype(np.float32)
targets = features.sum(1, keepdims=True) * 2


def train(max_steps):
    with tf.Graph().as_default():
        global_step = tf.Variable(0, name='global_step', trainable=False)
        x = tf.placeholder(tf.float32, [None, 4])
        y = tf.placeholder(tf.float32, [None, 1])
        w = tf.Variable(tf.ones([4, 1]) * 0.5, name='w')
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=global_step)
        init_op = tf.global_variables_initializer()
        sv = tf.train.Supervisor(logdir=logdir, init_op=init_op, global_step=global_step,
                                 summary_op=None, save_model_secs=0, save_summaries_secs=0)
        with sv.managed_session() as sess:
            step = sess.run(global_step)
            while not sv.should_stop() and step < max_steps:
                value, _ = sess.run([loss, train_op], feed_dict={x: features, y: targets})
                step = sess.run(global_step)
                print('RESULT loss', step, value)
            sv.saver.save(sess, sv.save_path, global_step=step)
            print('RESULT w', *sess.run(w).ravel())
        sv.stop()


train(3)
train(6)
