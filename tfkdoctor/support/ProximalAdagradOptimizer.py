# mypy: ignore-errors
"""`tf.train.ProximalAdagradOptimizer`, which tf.keras has nothing of."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class ProximalAdagradOptimizer(_FirstOptimizer):
    """Steps as Adagrad's, and towards zero."""

    def __init__(
        self,
        learning_rate,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="ProximalAdagrad",
    ):
        super().__init__(learning_rate, name, accum=initial_accumulator_value)
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength

    def _given(self, v, lr):
        also = {"l1": tf.cast(self._l1, v.dtype), "l2": tf.cast(self._l2, v.dtype)}
        return {"var": v.handle, "lr": lr, **also, **self._handles(v, "accum")}

    def _dense(self, v, g, lr):
        tf.raw_ops.ResourceApplyProximalAdagrad(grad=g, **self._given(v, lr))

    def _sparse(self, v, g, indices, lr):
        tf.raw_ops.ResourceSparseApplyProximalAdagrad(grad=g, indices=indices, **self._given(v, lr))
