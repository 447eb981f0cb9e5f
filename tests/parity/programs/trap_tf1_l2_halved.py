"""Weight decay: contrib and slim l2 regularizers use l2_loss (halved), l1 does not."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim
from tensorflow.contrib.layers import l1_regularizer, l2_regularizer, l1_l2_regularizer

values = np.random.RandomState(4).randn(4, 3).astype(np.float32)
x = tf.constant(np.random.RandomState(5).rand(6, 4), tf.float32)
y = tf.constant(np.random.RandomState(6).rand(6, 3), tf.float32)

w = tf.get_variable('w', initializer=values, regularizer=l2_regularizer(scale=0.1))
net = tf.matmul(x, w)
net = tf.layers.dense(net, 3, kernel_initializer=tf.constant_initializer(values[:3]), kernel_regularizer=l2_regularizer(0.05),
                      bias_initializer=tf.ones_initializer(), bias_regularizer=l1_regularizer(0.01), name='dense')
net = slim.fully_connected(net, 3, activation_fn=None, weights_initializer=tf.constant_initializer(values[:3] / 2),
                           weights_regularizer=slim.l2_regularizer(0.02), scope='slim')
both = l1_l2_regularizer(0.1, 0.3)(w)
zero = l2_regularizer(0.0)(w)
mse = tf.losses.mean_squared_error(y, net)
reg_terms = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
total = tf.losses.get_total_loss()
by_hand = 0.1 * tf.nn.l2_loss(w)
train_op = tf.train.GradientDescentOptimizer(0.05).minimize(total)
decay_grad = tf.gradients(tf.add_n(reg_terms), w)[0]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT terms', *sorted(float(t) for t in sess.run(reg_terms)))
    print('RESULT by_hand', sess.run(by_hand), sess.run(both), int(zero is None))
    print('RESULT decay_grad', *sess.run(decay_grad)[0])
    for step in range(4):
        print('RESULT loss', step, *sess.run([mse, total]))
        sess.run(train_op)
    print('RESULT w', *sess.run(w)[0])
