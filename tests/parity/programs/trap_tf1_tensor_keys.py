"""Tensors as dictionary keys, in lists and sets; == compares identity, numpy overloads stay out of the way."""
import collections
import numpy as np
import tensorflow as tf


class GradBook(object):
    """Keeps per-variable settings in dictionaries keyed by the variables themselves."""

    def __init__(self):
        self.lr_mult = {}
        self.seen = set()

    def register(self, var, mult):
        if var in self.seen:
            raise ValueError('twice')
        self.seen.add(var)
        self.lr_mult[var] = mult


a = tf.get_variable('a', initializer=tf.constant([1.0, 2.0]))
b = tf.get_variable('b', initializer=tf.constant([1.0, 2.0]))
x = tf.placeholder(tf.float32, [2], name='x')
out = tf.reduce_sum(a * x + b)

book = GradBook()
book.register(a, 1.0)
book.register(b, 10.0)

opt = tf.train.GradientDescentOptimizer(0.01)
scaled = [(g * book.lr_mult[v], v) for g, v in opt.compute_gradients(tf.square(out))]
train_op = opt.apply_gradients(scaled)

tensors = [a, b, x]
feeds = collections.OrderedDict([(x, [0.5, -1.0])])
frozen = [v for v in tf.trainable_variables() if v not in [b]]

print('RESULT contains', int(x in tensors), tensors.index(x), int(out in tensors), len(frozen))
print('RESULT identity', int(a == b), int(a == a), int(x != out), len({a, b, x, a}))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        sess.run(train_op, feeds)
        print('RESULT out', sess.run(out, feed_dict=dict(feeds)))
    print('RESULT a', *sess.run(a))
    print('RESULT b', *sess.run(b))
    same = tf.cond(tf.reduce_all(tf.equal(a, b)), lambda: tf.constant(1), lambda: tf.constant(0))
    print('RESULT elementwise', sess.run(same))
