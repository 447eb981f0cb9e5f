"""Regression MLP with tf.contrib.layers (imported as layers)."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import layers

STEPS = 6
w_init = tf.constant_initializer(0.05)


def model(inputs, n_hidden, reuse=None):
    with tf.variable_scope('mlp', reuse=reuse):
        h = layers.fully_connected(inputs, n_hidden, weights_initializer=w_init, scope='fc1')
        h = layers.fully_connected(h, n_hidden // 2, activation_fn=tf.nn.sigmoid,
                                   weights_initializer=tf.constant_initializer(np.linspace(-.3, .3, n_hidden * (n_hidden // 2))),
                                   biases_initializer=tf.constant_initializer(0.1), scope='fc2')
        out = layers.fully_connected(h, 1, activation_fn=None, weights_initializer=tf.ones_initializer(), scope='out')
    return tf.squeeze(out, axis=[1])


data = np.random.RandomState(42).rand(30, 5).astype(np.float32)
target = (data ** 2).sum(axis=1)

x = tf.placeholder(tf.float32, [None, 5])
y = tf.placeholder(tf.float32, [None])
pred = model(x, 8)
pred_again = model(x * 2, 8, reuse=True)
loss = tf.reduce_mean(tf.square(pred - y))
train_op = layers.optimize_loss(loss, tf.train.get_or_create_global_step(), learning_rate=0.1, optimizer='SGD',
                                summaries=[])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(STEPS):
        l = sess.run(train_op, feed_dict={x: data, y: target})
        print("RESULT loss_%d %.6f" % (step, l))
    a, b = sess.run([pred, pred_again], {x: data[:3]})
    print("RESULT pred", list(a))
    print("RESULT shared", list(b))
    names = [v.op.name for v in tf.trainable_variables()]
    print("RESULT variables", len(names), names[0], names[-1])
    print("RESULT step", sess.run(tf.train.get_global_step()))
