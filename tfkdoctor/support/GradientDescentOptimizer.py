# mypy: ignore-errors
"""`tf.train.GradientDescentOptimizer`; `tf.keras.optimizers.SGD` takes the same steps."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class GradientDescentOptimizer(_FirstOptimizer):
    """Steps against the gradient."""

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent"):
        super().__init__(learning_rate, name)

    def _dense(self, v, g, lr):
        v.assign_sub(lr * g)

    def _sparse(self, v, g, indices, lr):
        v.scatter_sub(tf.IndexedSlices(lr * g, indices))
