'''Siamese network: both branches share variables through variable_scope reuse.'''
import numpy as np
import tensorflow as tf


class siamese:

    def __init__(self):
        self.x1 = tf.placeholder(tf.float32, [None, 6])
        self.x2 = tf.placeholder(tf.float32, [None, 6])

        with tf.variable_scope("siamese") as scope:
            self.o1 = self.network(self.x1)
            scope.reuse_variables()
            self.o2 = self.network(self.x2)

        self.y_ = tf.placeholder(tf.float32, [None])
        self.loss = self.loss_with_spring()

    def network(self, x):
        fc1 = self.fc_layer(x, 5, "fc1")
        ac1 = tf.nn.relu(fc1)
        fc2 = self.fc_layer(ac1, 2, "fc2")
        return fc2

    def fc_layer(self, bottom, n_weight, name):
        assert len(bottom.get_shape()) == 2
        n_prev_weight = bottom.get_shape()[1].value
        init = np.random.RandomState(len(name) + n_weight).randn(n_prev_weight, n_weight) * 0.4
        W = tf.get_variable(name + 'W', dtype=tf.float32, shape=[n_prev_weight, n_weight],
                            initializer=tf.constant_initializer(init))
        b = tf.get_variable(name + 'b', dtype=tf.float32, initializer=tf.constant(0.01, shape=[n_weight], dtype=tf.float32))
        return tf.nn.bias_add(tf.matmul(bottom, W), b)

    def loss_with_spring(self):
        margin = 1.5
        labels_t = self.y_
        labels_f = tf.subtract(1.0, self.y_, name="1-yi")
        eucd2 = tf.reduce_sum(tf.pow(tf.subtract(self.o1, self.o2), 2), 1)
        eucd = tf.sqrt(eucd2 + 1e-6, name="eucd")
        C = tf.constant(margin, name="C")
        pos = tf.multiply(labels_t, eucd2, name="yi_x_eucd2")
        neg = tf.multiply(labels_f, tf.pow(tf.maximum(tf.subtract(C, eucd), 0), 2))
        return tf.reduce_mean(tf.add(pos, neg, name="losses"), name="loss")


rng = np.random.RandomState(11)
a, b = rng.rand(20, 6), rng.rand(20, 6)
same = (rng.rand(20) > 0.5).astype('float32')

net = siamese()
train_step = tf.train.GradientDescentOptimizer(0.1).minimize(net.loss)
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for step in range(5):
        _, loss_v = sess.run([train_step, net.loss], feed_dict={net.x1: a, net.x2: b, net.y_: same})
        print('RESULT step', step, loss_v)
    o1, o2 = sess.run([net.o1, net.o2], {net.x1: a[:2], net.x2: a[:2]})
    print('RESULT embedding', *o1.ravel())
    print('RESULT equal', int(np.allclose(o1, o2)), len(tf.global_variables()))
