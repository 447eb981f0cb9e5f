"""Dropout layers switched off at test time by keep_prob = 1.0 (also positionally)."""
import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 4])
keep_prob = tf.placeholder(tf.float32)
w1 = tf.Variable(tf.constant(np.cos(np.arange(20)).reshape(4, 5), tf.float32))
w2 = tf.Variable(tf.constant(np.linspace(.5, -.5, 10).reshape(5, 2), tf.float32))

h1 = tf.nn.dropout(tf.nn.relu(tf.matmul(x, w1)), keep_prob)
h2 = tf.nn.dropout(h1, keep_prob=keep_prob, name='drop2')
out = tf.matmul(h2, w2)
always = tf.nn.dropout(out, 1.0)
test_time = tf.contrib.layers.dropout(out, keep_prob=0.5, is_training=False)
train_flag = tf.layers.dropout(out, rate=0.9)
loss = tf.reduce_sum(tf.square(out))
grad = tf.gradients(loss, [w1, w2])
train = tf.train.GradientDescentOptimizer(0.01).minimize(loss)

data = np.random.RandomState(3).rand(6, 4)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {x: data, keep_prob: 1.0}
    print('RESULT out', *sess.run(out, feed)[0])
    for name, t in (('always', always), ('contrib', test_time), ('layers', train_flag)):
        print('RESULT', name, *sess.run(t, feed)[1])
    for g in sess.run(grad, feed):
        print('RESULT grad', np.abs(g).sum())
    for _ in range(3):
        sess.run(train, feed)
        print('RESULT loss', sess.run(loss, feed))
