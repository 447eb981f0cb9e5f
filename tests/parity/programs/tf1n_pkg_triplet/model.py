"""The network: two dense layers made by hand."""
import numpy as np
import tensorflow as tf


class EmbeddingNet(object):
    def __init__(self, config):
        rng = np.random.RandomState(1)
        self.config = config
        self.w1 = tf.Variable(rng.randn(config.inputs, 6).astype(np.float32) * 0.4, name='w1')
        self.b1 = tf.Variable(tf.constant(0.1, shape=[6]), name='b1')
        self.w2 = tf.Variable(rng.randn(6, 2).astype(np.float32) * 0.4, name='w2')

    @property
    def variables(self):
        return [self.w1, self.b1, self.w2]

    def __call__(self, x):
        h = tf.nn.leaky_relu(tf.nn.xw_plus_b(x, self.w1, self.b1), alpha=0.1)
        out = tf.matmul(h, self.w2)
        if self.config.normalize:
            out = tf.nn.l2_normalize(out, dim=1)
        return out
