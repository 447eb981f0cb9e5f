"""Small DCGAN: hand-written deconv layers, two optimizers with var_list, scope.reuse_variables."""
import numpy as np
import tensorflow as tf


def det(shape, scale=0.2):
    n = int(np.prod(shape))
    return tf.constant_initializer((np.sin(1.3 * np.arange(n)) * scale).reshape(shape))


def conv2d(input_, output_dim, k=3, d=2, name="conv2d"):
    with tf.variable_scope(name):
        shape = [k, k, int(input_.get_shape()[-1]), output_dim]
        w = tf.get_variable('w', shape, initializer=det(shape))
        conv = tf.nn.conv2d(input_, w, strides=[1, d, d, 1], padding='SAME')
        biases = tf.get_variable('biases', [output_dim], initializer=tf.constant_initializer(0.0))
        return tf.reshape(tf.nn.bias_add(conv, biases), [-1] + conv.get_shape().as_list()[1:])


def deconv2d(input_, output_shape, k=3, d=2, name="deconv2d"):
    with tf.variable_scope(name):
        shape = [k, k, output_shape[-1], int(input_.get_shape()[-1])]
        w = tf.get_variable('w', shape, initializer=det(shape))
        deconv = tf.nn.conv2d_transpose(input_, w, output_shape=output_shape, strides=[1, d, d, 1])
        biases = tf.get_variable('biases', [output_shape[-1]], initializer=tf.constant_initializer(0.0))
        return tf.nn.bias_add(deconv, biases)


def linear(input_, output_size, scope):
    shape = input_.get_shape().as_list()
    with tf.variable_scope(scope):
        matrix = tf.get_variable("Matrix", [shape[1], output_size], tf.float32, det([shape[1], output_size]))
        return tf.matmul(input_, matrix) + tf.get_variable("bias", [output_size], initializer=tf.constant_initializer(0.0))


class DCGAN(object):
    def __init__(self, batch_size=4, z_dim=3):
        self.batch_size = batch_size
        self.images = tf.placeholder(tf.float32, [batch_size, 8, 8, 1])
        self.z = tf.placeholder(tf.float32, [None, z_dim])
        self.G = self.generator(self.z)
        D, D_logits = self.discriminator(self.images)
        D_, D_logits_ = self.discriminator(self.G, reuse=True)
        ce = tf.nn.sigmoid_cross_entropy_with_logits
        self.d_loss = tf.reduce_mean(ce(logits=D_logits, labels=tf.ones_like(D))) + \
            tf.reduce_mean(ce(logits=D_logits_, labels=tf.zeros_like(D_)))
        self.g_loss = tf.reduce_mean(ce(logits=D_logits_, labels=tf.ones_like(D_)))
        t_vars = tf.trainable_variables()
        self.d_vars = [var for var in t_vars if 'd_' in var.name]
        self.g_vars = [var for var in t_vars if 'g_' in var.name]

    def discriminator(self, image, reuse=False):
        with tf.variable_scope("discriminator") as scope:
            if reuse:
                scope.reuse_variables()
            h0 = tf.nn.leaky_relu(conv2d(image, 4, name='d_h0_conv'))
            h1 = tf.nn.leaky_relu(conv2d(h0, 6, name='d_h1_conv'))
            h2 = linear(tf.reshape(h1, [self.batch_size, -1]), 1, 'd_h2_lin')
            return tf.nn.sigmoid(h2), h2

    def generator(self, z):
        with tf.variable_scope("generator"):
            h0 = tf.nn.relu(tf.reshape(linear(z, 2 * 2 * 6, 'g_h0_lin'), [-1, 2, 2, 6]))
            h1 = tf.nn.relu(deconv2d(h0, [self.batch_size, 4, 4, 4], name='g_h1'))
            return tf.nn.tanh(deconv2d(h1, [self.batch_size, 8, 8, 1], name='g_h2'))


gan = DCGAN()
d_optim = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(gan.d_loss, var_list=gan.d_vars)
g_optim = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(gan.g_loss, var_list=gan.g_vars)
rng = np.random.RandomState(50)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        feed = {gan.images: rng.uniform(-1, 1, (4, 8, 8, 1)), gan.z: rng.uniform(-1, 1, (4, 3))}
        sess.run(d_optim, feed)
        sess.run(g_optim, feed)
        print('RESULT losses', step, *sess.run([gan.d_loss, gan.g_loss], feed))
    print('RESULT n_vars', len(gan.d_vars), len(gan.g_vars))
    print('RESULT sample', *sess.run(gan.G, {gan.z: rng.rand(4, 3)})[0, 3, :, 0])
