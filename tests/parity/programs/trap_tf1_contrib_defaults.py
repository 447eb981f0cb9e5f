"""contrib.layers defaults: relu on fully_connected and conv2d, SAME padding, VALID stride 2 pools, max_norm and unit heads."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import layers

rs = np.random.RandomState(90)
x = tf.placeholder(tf.float32, [None, 7, 7, 2])
y = tf.placeholder(tf.float32, [None, 2])

k1 = tf.constant_initializer(rs.normal(0, .4, (3, 3, 2, 3)))
conv = layers.conv2d(x, 3, 3, weights_initializer=k1)
pool = layers.max_pool2d(conv, 2)
avg = layers.avg_pool2d(conv, [2, 2])
sep = layers.separable_conv2d(pool, 4, 2, depth_multiplier=1, weights_initializer=tf.constant_initializer(.2))
up = layers.conv2d_transpose(pool, 2, [2, 2], stride=2, weights_initializer=tf.constant_initializer(.1))
flat = layers.flatten(pool)
fc = layers.fully_connected(flat, 4, weights_initializer=tf.constant_initializer(rs.normal(0, .3, (27, 4))))
normed = layers.layer_norm(fc)
lin = layers.linear(normed, 2, weights_initializer=tf.constant_initializer(rs.normal(0, .3, (4, 2))))
stacked = layers.stack(flat, layers.fully_connected, [3, 2], weights_initializer=tf.constant_initializer(.05))
one_hot = layers.one_hot_encoding([1, 0, 2], 3)
soft = layers.softmax(lin)
loss = tf.reduce_mean(tf.square(lin - y)) + tf.reduce_mean(stacked)
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

data = rs.normal(0, 1, (4, 7, 7, 2))
target = rs.rand(4, 2)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {x: data, y: target}
    for name, t in (('conv', conv), ('pool', pool), ('avg', avg), ('sep', sep), ('up', up), ('fc', fc), ('normed', normed), ('lin', lin), ('soft', soft)):
        v = sess.run(t, feed)
        print('RESULT', name, *(list(v.shape[1:]) + [np.abs(v).sum(), v.min()]))
    print('RESULT stacked', *sess.run(stacked, feed)[0])
    print('RESULT one_hot', *sess.run(one_hot).ravel())
    for _ in range(3):
        print('RESULT loss', sess.run(loss, feed))
        sess.run(train, feed)
    print('RESULT variables', *[v.op.name for v in tf.trainable_variables()])
