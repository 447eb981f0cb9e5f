"""Autoencoder with lazily defined graph properties (a decorator keeps each node), tied weights."""
import functools
import numpy as np
import tensorflow as tf


def doublewrap(function):
    @functools.wraps(function)
    def decorator(*args, **kwargs):
        if len(args) == 1 and len(kwargs) == 0 and callable(args[0]):
            return function(args[0])
        return lambda wrapee: function(wrapee, *args, **kwargs)
    return decorator


@doublewrap
def define_scope(function, scope=None, *args, **kwargs):
    attribute = '_cache_' + function.__name__
    name = scope or function.__name__

    @property
    @functools.wraps(function)
    def decorator(self):
        if not hasattr(self, attribute):
            with tf.variable_scope(name, *args, **kwargs):
                setattr(self, attribute, function(self))
        return getattr(self, attribute)
    return decorator


class AutoEncoder:
    def __init__(self, data, n_hidden):
        self.data = data
        self.n_hidden = n_hidden
        self.code
        self.reconstruction
        self.optimize
        self.error

    @define_scope(scope='encoder', initializer=tf.constant_initializer(0.05))
    def code(self):
        n_in = int(self.data.get_shape()[1])
        start = np.random.RandomState(60).uniform(-.5, .5, (n_in, self.n_hidden))
        self.w = tf.get_variable('w', [n_in, self.n_hidden], initializer=tf.constant_initializer(start))
        self.b = tf.get_variable('b', [self.n_hidden])
        return tf.nn.sigmoid(tf.nn.xw_plus_b(self.data, self.w, self.b))

    @define_scope('decoder')
    def reconstruction(self):
        bias = tf.get_variable('b', [int(self.data.get_shape()[1])], initializer=tf.zeros_initializer())
        return tf.matmul(self.code, self.w, transpose_b=True) + bias

    @define_scope
    def cost(self):
        return 0.5 * tf.reduce_sum(tf.pow(tf.subtract(self.reconstruction, self.data), 2.0)) / 10. + 0.01 * tf.reduce_mean(tf.abs(self.code))

    @define_scope
    def optimize(self):
        return tf.train.AdamOptimizer(learning_rate=0.05).minimize(self.cost)

    @define_scope
    def error(self):
        return tf.sqrt(tf.reduce_mean(tf.squared_difference(self.reconstruction, self.data)))


x = tf.placeholder(tf.float32, [None, 6])
model = AutoEncoder(x, 3)
batch = np.random.RandomState(61).rand(10, 6)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        print('RESULT error', i, *sess.run([model.error, model.cost], {x: batch}))
        sess.run(model.optimize, {x: batch})
    print('RESULT code', *sess.run(model.code, {x: batch})[0])
    print('RESULT names', *[v.op.name for v in tf.trainable_variables()])
