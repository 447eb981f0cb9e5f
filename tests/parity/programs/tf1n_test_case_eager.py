"""A test suite of small numeric functions, run with tf.test in eager mode."""
import unittest

import numpy as np
import tensorflow as tf

tf.enable_eager_execution()


def smooth_l1(prediction, target, sigma=1.0):
    diff = tf.abs(prediction - target)
    less = tf.to_float(tf.less(diff, 1.0 / sigma ** 2))
    return less * 0.5 * (sigma * diff) ** 2 + (1 - less) * (diff - 0.5 / sigma ** 2)


def focal(labels, logits, gamma=2.0):
    p = tf.sigmoid(logits)
    cross = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_sum(cross * tf.pow(tf.abs(labels - p), gamma), axis=-1, keep_dims=True)


class LossTest(tf.test.TestCase):
    def setUp(self):
        super(LossTest, self).setUp()
        self.x = tf.constant([0.5, 2.0, -3.0])

    def testSmooth(self):
        self.assertAllClose(smooth_l1(self.x, tf.zeros([3])), [0.125, 1.5, 2.5])
        self.assertAllEqual(tf.shape(smooth_l1(self.x, 0.0)), [3])

    def testFocal(self):
        value = self.evaluate(focal(tf.ones([1, 2]), tf.constant([[0.0, 1.0]])))
        self.assertEqual(value.shape, (1, 1))
        print('RESULT focal', value[0, 0])
        self.assertNear(value[0, 0], 0.19594, 1e-3)

    def testShape(self):
        x = tf.zeros([2, 5])
        self.assertEqual(x.get_shape()[1].value, 5)
        self.assertEqual(x.shape.as_list(), [2, 5])
        with self.assertRaises(tf.errors.InvalidArgumentError):
            tf.matmul(x, tf.zeros([2, 5]))

    def testVariable(self):
        v = tf.Variable(1.0)
        tf.assign(v, 3.0)
        tf.assign_add(v, 1.0)
        self.assertEqual(4.0, self.evaluate(v))
        print('RESULT variable', v.numpy())

    def testDataset(self):
        items = [self.evaluate(t) for t in tf.data.Dataset.range(3)]
        self.assertCountEqual(items, [0, 1, 2])
        print('RESULT items', *items)


if __name__ == '__main__':
    suite = unittest.TestLoader().loadTestsFromTestCase(LossTest)
    outcome = unittest.TextTestRunner(verbosity=0).run(suite)
    print('RESULT tests', outcome.testsRun, len(outcome.failures), len(outcome.errors))
