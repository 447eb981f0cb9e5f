"""A network function called three times: what shares weights and what does not (AUTO_REUSE, default scopes, default names)."""
import numpy as np
import tensorflow as tf

data = np.random.RandomState(27).randn(5, 3).astype(np.float32)


def shared(x):
    with tf.variable_scope('shared', reuse=tf.AUTO_REUSE):
        h = tf.layers.dense(x, 4, activation=tf.nn.tanh, kernel_initializer=tf.constant_initializer(.2), name='h')
        return tf.layers.dense(h, 1, kernel_initializer=tf.constant_initializer(.5), name='o')


def unshared(x):
    with tf.variable_scope(None, default_name='free'):
        return tf.layers.dense(x, 1, kernel_initializer=tf.constant_initializer(.3))


x = tf.constant(data)
s1, s2 = shared(x), shared(x * -2.0)
u1, u2 = unshared(x), unshared(x * -2.0)
loss = tf.reduce_mean(tf.square(s1 - 1.0)) + tf.reduce_mean(tf.square(s2 + 0.5)) \
    + tf.reduce_mean(tf.square(u1 - 1.0)) + tf.reduce_mean(tf.square(u2 + 0.5))
train_op = tf.train.GradientDescentOptimizer(0.2).minimize(loss)
with tf.variable_scope('shared', reuse=True):
    kernel = tf.get_variable('h/kernel')

try:
    with tf.variable_scope('shared'):
        tf.get_variable('h/kernel', [3, 4])
    print('RESULT duplicate', 'allowed')
except ValueError:
    print('RESULT duplicate', 'refused')

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        print('RESULT loss', step, sess.run(loss))
        sess.run(train_op)
    print('RESULT shared', *sess.run(tf.concat([s1, s2], 1))[0])
    print('RESULT unshared', *sess.run(tf.concat([u1, u2], 1))[0])
    print('RESULT kernel', *sess.run(kernel)[:, 0])
    print('RESULT names', *[v.op.name for v in tf.trainable_variables()])
    print('RESULT scoped', len(tf.trainable_variables('shared')), len(tf.trainable_variables('free')))
