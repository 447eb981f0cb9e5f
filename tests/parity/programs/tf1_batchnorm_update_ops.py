"""Batch normalization with UPDATE_OPS control dependencies, train and test phases."""
import numpy as np
import tensorflow as tf


def lrelu(x, leak=0.2):
    return tf.maximum(x, leak * x)


def net(x, phase):
    with tf.variable_scope('net'):
        h = tf.layers.dense(x, 6, kernel_initializer=tf.constant_initializer(np.linspace(-.5, .5, 24)), use_bias=False, name='d1')
        h = tf.layers.batch_normalization(h, training=phase, momentum=0.9, name='bn1')
        h = lrelu(h)
        h = tf.layers.dense(h, 2, kernel_initializer=tf.constant_initializer(np.linspace(.4, -.4, 12)), name='d2')
        return tf.layers.batch_normalization(h, training=phase, scale=False, epsilon=1e-5, momentum=0.9, name='bn2')


x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.float32, [None, 2])
phase = tf.placeholder(tf.bool, name='phase')
out = net(x, phase)
loss = tf.reduce_mean(tf.square(out - y))

update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train_step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

rng = np.random.RandomState(8)
xs = rng.normal(2.0, 3.0, (32, 4))
ys = rng.rand(32, 2)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT update_ops', len(update_ops), len(tf.trainable_variables()), len(tf.global_variables()))
    for i in range(6):
        l, _ = sess.run([loss, train_step], {x: xs, y: ys, phase: True})
        print('RESULT train_loss', i, l)
    print('RESULT test_loss', sess.run(loss, {x: xs, y: ys, phase: False}))
    for v in tf.global_variables():
        if 'moving' in v.name or 'gamma' in v.name:
            print('RESULT', v.op.name, *sess.run(v))
    print('RESULT test_out', *sess.run(out, {x: xs[:2], phase: False}).ravel())
