# Convolutional network with helper functions and an InteractiveSession (deep MNIST style, small)
import numpy as np
import tensorflow as tf

sess = tf.InteractiveSession()
rs = np.random.RandomState(1)


def weight_variable(shape):
    initial = tf.constant(rs.normal(0, 0.1, shape), dtype=tf.float32)
    return tf.Variable(initial)


def bias_variable(shape):
    initial = tf.constant(0.1, shape=shape)
    return tf.Variable(initial)


def conv2d(x, W):
    return tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding='SAME')


def max_pool_2x2(x):
    return tf.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')


x = tf.placeholder(tf.float32, shape=[None, 100])
y_ = tf.placeholder(tf.float32, shape=[None, 3])
x_image = tf.reshape(x, [-1, 10, 10, 1])

W_conv1 = weight_variable([3, 3, 1, 4])
b_conv1 = bias_variable([4])
h_conv1 = tf.nn.relu(conv2d(x_image, W_conv1) + b_conv1)
h_pool1 = max_pool_2x2(h_conv1)

W_conv2 = weight_variable([3, 3, 4, 6])
b_conv2 = bias_variable([6])
h_conv2 = tf.nn.relu(conv2d(h_pool1, W_conv2) + b_conv2)
h_pool2 = max_pool_2x2(h_conv2)

W_fc1 = weight_variable([3 * 3 * 6, 16])
b_fc1 = bias_variable([16])
h_pool2_flat = tf.reshape(h_pool2, [-1, 3 * 3 * 6])
h_fc1 = tf.nn.relu(tf.matmul(h_pool2_flat, W_fc1) + b_fc1)

keep_prob = tf.placeholder(tf.float32)
h_fc1_drop = tf.nn.dropout(h_fc1, keep_prob)

W_fc2 = weight_variable([16, 3])
b_fc2 = bias_variable([3])
y_conv = tf.matmul(h_fc1_drop, W_fc2) + b_fc2

cross_entropy = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=y_conv))
train_step = tf.train.AdamOptimizer(1e-3).minimize(cross_entropy)
correct_prediction = tf.equal(tf.argmax(y_conv, 1), tf.argmax(y_, 1))
accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))

images = rs.rand(12, 100)
labels = np.eye(3)[np.arange(12) % 3]
sess.run(tf.global_variables_initializer())
for i in range(6):
    if i % 2 == 0:
        train_loss = cross_entropy.eval(feed_dict={x: images, y_: labels, keep_prob: 1.0})
        print("RESULT step_%d %g" % (i, train_loss))
    train_step.run(feed_dict={x: images, y_: labels, keep_prob: 1.0})
print("RESULT logits0", *y_conv.eval({x: images[:1], y_: labels[:1], keep_prob: 1.0})[0])
print("RESULT conv1_sum", W_conv1.eval().sum(), b_conv1.eval().sum())
print("RESULT accuracy", accuracy.eval({x: images, y_: labels, keep_prob: 1.0}))
sess.close()
