"""Unit tests of a small library written with tf.test.TestCase, run by unittest, with debug ops."""
import unittest
import numpy as np
import tensorflow as tf


def batch_hard_mask(labels):
    equal = tf.equal(tf.expand_dims(labels, 0), tf.expand_dims(labels, 1))
    not_self = tf.logical_not(tf.cast(tf.eye(tf.shape(labels)[0]), tf.bool))
    return tf.logical_and(equal, not_self)


def triplet_loss(embeddings, labels, margin=0.5):
    dot = tf.matmul(embeddings, tf.transpose(embeddings))
    sq = tf.diag_part(dot)
    dist = tf.maximum(tf.expand_dims(sq, 0) - 2.0 * dot + tf.expand_dims(sq, 1), 0.0)
    mask = tf.to_float(tf.equal(dist, 0.0))
    dist = tf.sqrt(dist + mask * 1e-16) * (1.0 - mask)
    hardest_pos = tf.reduce_max(dist * tf.to_float(batch_hard_mask(labels)), axis=1, keepdims=True)
    neg = tf.to_float(tf.not_equal(tf.expand_dims(labels, 0), tf.expand_dims(labels, 1)))
    max_dist = tf.reduce_max(dist, axis=1, keepdims=True)
    hardest_neg = tf.reduce_min(dist + max_dist * (1.0 - neg), axis=1, keepdims=True)
    return tf.reduce_mean(tf.maximum(hardest_pos - hardest_neg + margin, 0.0))


class TripletTest(tf.test.TestCase):
    def setUp(self):
        rng = np.random.RandomState(3)
        self.emb = rng.rand(6, 3).astype(np.float32)
        self.labels = np.array([0, 0, 1, 1, 2, 2])

    def test_mask(self):
        with self.test_session() as sess:
            mask = sess.run(batch_hard_mask(tf.constant(self.labels)))
            self.assertAllEqual(mask.sum(1), np.ones(6))
            print('RESULT mask', *mask.sum(0))

    def test_loss(self):
        with self.test_session():
            value = triplet_loss(tf.constant(self.emb), tf.constant(self.labels)).eval()
            self.assertGreater(value, 0)
            print('RESULT triplet', value)
            self.assertAllClose(value, triplet_loss(tf.constant(self.emb[::-1].copy()), tf.constant(self.labels[::-1].copy())).eval())

    def test_asserts(self):
        x = tf.placeholder(tf.float32, [None])
        with tf.control_dependencies([tf.assert_positive(x), tf.assert_rank(x, 1), tf.Assert(tf.size(x) < 5, [x])]):
            y = tf.check_numerics(tf.log(tf.Print(x, [x], 'x: ')), 'log')
        with self.test_session() as sess:
            print('RESULT logs', *sess.run(y, {x: [1., 2.]}))
            with self.assertRaises(tf.errors.InvalidArgumentError):
                sess.run(y, {x: [1., -2.]})
            with self.assertRaises(tf.errors.InvalidArgumentError):
                sess.run(y, {x: [1.] * 6})

    def test_gradient(self):
        with self.test_session():
            x = tf.constant([[.5, -.2, .1]])
            err = tf.test.compute_gradient_error(x, [1, 3], tf.sin(x) * x, [1, 3])
            print('RESULT gradient_ok', int(err < 1e-2))


if __name__ == '__main__':
    result = unittest.TextTestRunner(verbosity=0).run(unittest.defaultTestLoader.loadTestsFromTestCase(TripletTest))
    print('RESULT failures', len(result.failures) + len(result.errors))
