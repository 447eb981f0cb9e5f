"""Train in three short runs; each one resumes when a checkpoint state exists."""
import os
import tempfile
import numpy as np
import tensorflow as tf

CKPT_DIR = tempfile.mkdtemp()


class LinearModel(object):
    def __init__(self, sess, learning_rate=0.05):
        self.sess = sess
        self.lr = learning_rate
        self.build_model()
        self.saver = tf.train.Saver(max_to_keep=1)

    def build_model(self):
        self.inputs = tf.placeholder(tf.float32, [None, 3], name='inputs')
        self.targets = tf.placeholder(tf.float32, [None], name='targets')
        with tf.variable_scope('model'):
            self.w = tf.get_variable('w', [3], initializer=tf.constant_initializer(0.1))
        self.outputs = tf.reduce_sum(self.inputs * self.w, reduction_indices=[1])
        self.loss = tf.nn.l2_loss(self.outputs - self.targets)
        self.counter = tf.get_variable('counter', [], dtype=tf.int32, trainable=False, initializer=tf.zeros_initializer())
        self.optim = tf.train.RMSPropOptimizer(self.lr, decay=0.9).minimize(self.loss)
        self.count = self.counter.assign_add(1)

    def save(self, step):
        self.saver.save(self.sess, os.path.join(CKPT_DIR, 'linear.model'), global_step=step)

    def load(self):
        ckpt = tf.train.get_checkpoint_state(CKPT_DIR)
        if ckpt and ckpt.model_checkpoint_path:
            ckpt_name = os.path.basename(ckpt.model_checkpoint_path)
            self.saver.restore(self.sess, os.path.join(CKPT_DIR, ckpt_name))
            return True
        return False


rng = np.random.RandomState(12)
xs = rng.rand(20, 3)
ts = xs.dot([1., -2., .5])

for attempt in range(3):
    graph = tf.Graph()
    with graph.as_default():
        with tf.Session(graph=graph) as sess:
            model = LinearModel(sess)
            sess.run(tf.global_variables_initializer())
            could_load = model.load()
            for _ in range(3):
                sess.run(model.optim, feed_dict={model.inputs: xs, model.targets: ts})
                step = sess.run(model.count)
            model.save(step)
            loss = sess.run(model.loss, feed_dict={model.inputs: xs, model.targets: ts})
            print("RESULT run_%d %d %d %.6f" % (attempt, could_load, step, loss))
            print("RESULT w", *model.w.eval())
