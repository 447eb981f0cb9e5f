# mypy: ignore-errors
"""`tf.train.ProximalGradientDescentOptimizer`, which tf.keras has nothing of."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class ProximalGradientDescentOptimizer(_FirstOptimizer):
    """Steps against the gradient, and towards zero."""

    def __init__(
        self,
        learning_rate,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="ProximalGradientDescent",
    ):
        super().__init__(learning_rate, name)
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength

    def _given(self, v, lr):
        return {"var": v.handle, "alpha": lr, "l1": tf.cast(self._l1, v.dtype), "l2": tf.cast(self._l2, v.dtype)}

    def _dense(self, v, g, lr):
        tf.raw_ops.ResourceApplyProximalGradientDescent(delta=g, **self._given(v, lr))

    def _sparse(self, v, g, indices, lr):
        tf.raw_ops.ResourceSparseApplyProximalGradientDescent(grad=g, indices=indices, **self._given(v, lr))
