"""Variational autoencoder; the noise of the reparametrization is a placeholder."""
import numpy as np
import tensorflow as tf


class VariationalAutoencoder(object):
    def __init__(self, n_input, n_hidden, n_z, optimizer=tf.train.AdamOptimizer(0.02)):
        self.x = tf.placeholder(tf.float32, [None, n_input])
        self.eps = tf.placeholder(tf.float32, [None, n_z])
        w = self._initialize_weights(n_input, n_hidden, n_z)
        h = tf.nn.softplus(tf.add(tf.matmul(self.x, w['w1']), w['b1']))
        self.z_mean = tf.add(tf.matmul(h, w['w_mean']), w['b_mean'])
        self.z_log_sigma_sq = tf.add(tf.matmul(h, w['w_sig']), w['b_sig'])
        self.z = tf.add(self.z_mean, tf.multiply(tf.sqrt(tf.exp(self.z_log_sigma_sq)), self.eps))
        self.h_dec = tf.nn.softplus(tf.matmul(self.z, w['w2']) + w['b2'])
        self.reconstruction = tf.nn.sigmoid(tf.matmul(self.h_dec, w['w3']) + w['b3'])
        self.reconstr_loss = -tf.reduce_sum(self.x * tf.log(1e-10 + self.reconstruction)
                                            + (1 - self.x) * tf.log(1e-10 + 1 - self.reconstruction), 1)
        self.latent_loss = -0.5 * tf.reduce_sum(1 + self.z_log_sigma_sq - tf.square(self.z_mean) - tf.exp(self.z_log_sigma_sq), 1)
        self.cost = tf.reduce_mean(self.reconstr_loss + self.latent_loss)
        self.optimizer = optimizer.minimize(self.cost)
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def _initialize_weights(self, n_input, n_hidden, n_z):
        rs = np.random.RandomState(3)
        xavier = lambda i, o: rs.uniform(-1, 1, (i, o)).astype(np.float32) * np.sqrt(6.0 / (i + o)).astype(np.float32)
        all_weights = dict()
        all_weights['w1'] = tf.Variable(xavier(n_input, n_hidden))
        all_weights['w_mean'] = tf.Variable(xavier(n_hidden, n_z))
        all_weights['w_sig'] = tf.Variable(xavier(n_hidden, n_z))
        all_weights['w2'] = tf.Variable(xavier(n_z, n_hidden))
        all_weights['w3'] = tf.Variable(xavier(n_hidden, n_input))
        for name, size in (('b1', n_hidden), ('b_mean', n_z), ('b_sig', n_z), ('b2', n_hidden), ('b3', n_input)):
            all_weights[name] = tf.Variable(tf.zeros([size], dtype=tf.float32))
        return all_weights

    def partial_fit(self, X, eps):
        cost, _ = self.sess.run((self.cost, self.optimizer), feed_dict={self.x: X, self.eps: eps})
        return cost

    def transform(self, X):
        return self.sess.run(self.z_mean, feed_dict={self.x: X})

    def generate(self, hidden):
        return self.sess.run(self.reconstruction, feed_dict={self.z: hidden})


rng = np.random.RandomState(8)
X = (rng.rand(12, 10) > 0.6).astype(np.float32)
vae = VariationalAutoencoder(10, 7, 2)
for epoch in range(5):
    print("RESULT cost", epoch, vae.partial_fit(X, rng.normal(size=(12, 2))))
print("RESULT z_mean", *np.abs(vae.transform(X)).sum(axis=0))
print("RESULT generated", *vae.generate(np.array([[0.5, -1.0]]))[0])
rec, lat = vae.sess.run([vae.reconstr_loss, vae.latent_loss], {vae.x: X, vae.eps: np.zeros((12, 2))})
print("RESULT parts", rec.sum(), lat.sum())
vae.sess.close()
