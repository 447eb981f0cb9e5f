# mypy: ignore-errors
"""`tf.train.AdagradOptimizer`; `tf.keras.optimizers.Adagrad(epsilon=0.0)` takes the same steps."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class AdagradOptimizer(_FirstOptimizer):
    """Steps divided by the root of all squared gradients."""

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="Adagrad"):
        super().__init__(learning_rate, name, accum=initial_accumulator_value)

    def _dense(self, v, g, lr):
        tf.raw_ops.ResourceApplyAdagrad(var=v.handle, lr=lr, grad=g, **self._handles(v, "accum"))

    def _sparse(self, v, g, indices, lr):
        accum = self._handles(v, "accum")
        tf.raw_ops.ResourceSparseApplyAdagrad(var=v.handle, lr=lr, grad=g, indices=indices, **accum)
