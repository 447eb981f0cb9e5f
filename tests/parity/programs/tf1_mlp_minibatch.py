"""Two layer perceptron on a toy digit problem, trained with mini-batches."""
from __future__ import print_function

import numpy as np
import tensorflow as tf

# Parameters
learning_rate = 0.05
training_epochs = 4
batch_size = 16
n_input = 20
n_hidden_1 = 12
n_hidden_2 = 8
n_classes = 4

rng = np.random.RandomState(7)
train_x = rng.rand(64, n_input).astype(np.float32)
train_y = np.eye(n_classes)[(train_x[:, :4]).argmax(1)].astype(np.float32)


def init(*shape):
    return (rng.randn(*shape) * 0.2).astype(np.float32)


# tf Graph input
X = tf.placeholder("float", [None, n_input])
Y = tf.placeholder("float", [None, n_classes])

weights = {
    'h1': tf.Variable(init(n_input, n_hidden_1)),
    'h2': tf.Variable(init(n_hidden_1, n_hidden_2)),
    'out': tf.Variable(init(n_hidden_2, n_classes)),
}
biases = {
    'b1': tf.Variable(tf.zeros([n_hidden_1])),
    'b2': tf.Variable(tf.zeros([n_hidden_2])),
    'out': tf.Variable(tf.zeros([n_classes])),
}


def multilayer_perceptron(x):
    layer_1 = tf.nn.relu(tf.add(tf.matmul(x, weights['h1']), biases['b1']))
    layer_2 = tf.nn.relu(tf.add(tf.matmul(layer_1, weights['h2']), biases['b2']))
    return tf.matmul(layer_2, weights['out']) + biases['out']


logits = multilayer_perceptron(X)
loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y))
optimizer = tf.train.AdamOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)
correct = tf.equal(tf.argmax(tf.nn.softmax(logits), 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct, "float"))

init_op = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init_op)
    for epoch in range(training_epochs):
        avg_cost = 0.
        total_batch = int(len(train_x) / batch_size)
        for i in range(total_batch):
            batch_x = train_x[i * batch_size:(i + 1) * batch_size]
            batch_y = train_y[i * batch_size:(i + 1) * batch_size]
            _, c = sess.run([train_op, loss_op], feed_dict={X: batch_x, Y: batch_y})
            avg_cost += c / total_batch
        print("RESULT cost_%d %.7f" % (epoch + 1, avg_cost))
    print("RESULT accuracy", accuracy.eval({X: train_x, Y: train_y}))
    print("RESULT h1_abs", float(np.abs(sess.run(weights['h1'])).sum()))
