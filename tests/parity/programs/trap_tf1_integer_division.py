"""Index arithmetic with tf.div, / and // on integer and float tensors (grid cells, learning-rate steps)."""
import numpy as np
import tensorflow as tf

a = tf.constant([7, -7, 9, 8])
b = tf.constant([2, 2, -4, 3])
width = 5
flat = tf.constant([3, 7, 14, 22])

row = tf.div(flat, width)
col = tf.mod(flat, width)
cells = [
    ('div', tf.div(a, b)),
    ('truediv', tf.truediv(a, b)),
    ('floordiv', tf.floordiv(a, b)),
    ('operator', a / b),
    ('floor_operator', a // b),
    ('mod', a % b),
    ('realdiv', tf.realdiv(tf.to_float(a), tf.to_float(b))),
    ('truncatediv', tf.truncatediv(a, b)),
    ('truncatemod', tf.truncatemod(a, b)),
    ('floormod', tf.floormod(a, b)),
    ('div_float', tf.div(tf.to_float(a), 2.0)),
    ('div_no_nan', tf.div_no_nan(tf.to_float(a), [1., 0., 2., 0.])),
    ('half_shape', tf.div(tf.shape(tf.zeros([5, 9])), 2)),
    ('grid', tf.stack([row, col], 1)),
]
global_step = tf.Variable(11, trainable=False)
epoch = tf.div(global_step, 4)
lr = 0.1 * tf.pow(0.5, tf.to_float(epoch))
w = tf.Variable([1.0, -2.0])
train_op = tf.train.GradientDescentOptimizer(lr).minimize(tf.nn.l2_loss(w), global_step=global_step)
board = tf.scatter_nd(tf.stack([row, col], 1), tf.constant([1., 2., 3., 4.]), [5, 5])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for name, t in cells:
        v = sess.run(t)
        print('RESULT', name, v.dtype.name, *v.ravel())
    for _ in range(3):
        print('RESULT lr', sess.run(epoch), sess.run(lr))
        sess.run(train_op)
    print('RESULT w', *sess.run(w))
    print('RESULT board', *sess.run(board).argmax(axis=1))
