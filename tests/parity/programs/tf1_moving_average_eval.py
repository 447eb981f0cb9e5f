"""Linear model evaluated with the exponential moving averages of its weights."""
import os
import tempfile
import numpy as np
import tensorflow as tf

MOVING_AVERAGE_DECAY = 0.9


def build():
    x = tf.placeholder(tf.float32, [None, 3], name='x')
    y = tf.placeholder(tf.float32, [None, 1], name='y')
    with tf.variable_scope('linear'):
        w = tf.get_variable('w', [3, 1], initializer=tf.zeros_initializer())
        b = tf.get_variable('b', [1], initializer=tf.zeros_initializer())
    pred = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.square(y - pred))
    return x, y, w, pred, loss


rng = np.random.RandomState(4)
xs = rng.randn(40, 3)
ys = xs.dot([[1.], [2.], [-1.]]) + .3
path = os.path.join(tempfile.mkdtemp(), 'ema.ckpt')

with tf.Graph().as_default():
    x, y, w, pred, loss = build()
    global_step = tf.Variable(0, trainable=False, name='global_step')
    opt_op = tf.train.GradientDescentOptimizer(0.2).minimize(loss, global_step=global_step)
    ema = tf.train.ExponentialMovingAverage(MOVING_AVERAGE_DECAY, global_step)
    with tf.control_dependencies([opt_op]):
        train_op = ema.apply(tf.trainable_variables())
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(6):
            sess.run(train_op, {x: xs, y: ys})
            print('RESULT train', sess.run(loss, {x: xs, y: ys}), *sess.run(ema.average(w)).ravel())
        print('RESULT weights', *sess.run(w).ravel())
        print('RESULT average_name', ema.average_name(w))
        saver.save(sess, path)

with tf.Graph().as_default():
    x, y, w, pred, loss = build()
    ema = tf.train.ExponentialMovingAverage(MOVING_AVERAGE_DECAY)
    variables_to_restore = ema.variables_to_restore()
    saver = tf.train.Saver(variables_to_restore)
    with tf.Session() as sess:
        saver.restore(sess, path)
        print('RESULT restored', *sorted(variables_to_restore))
        print('RESULT eval_loss', sess.run(loss, {x: xs, y: ys}))
        print('RESULT eval_w', *sess.run(w).ravel())
