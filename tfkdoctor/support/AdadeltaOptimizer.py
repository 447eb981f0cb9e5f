# mypy: ignore-errors
"""`tf.train.AdadeltaOptimizer`; `tf.keras.optimizers.Adadelta(epsilon=1e-08)` takes the same steps."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class AdadeltaOptimizer(_FirstOptimizer):
    """Steps as large as those before them."""

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-8, use_locking=False, name="Adadelta"):
        super().__init__(learning_rate, name, accum=0.0, accum_update=0.0)
        self._rho, self._epsilon = rho, epsilon

    def _given(self, v, lr):
        also = {"rho": tf.cast(self._rho, v.dtype), "epsilon": tf.cast(self._epsilon, v.dtype)}
        return {"var": v.handle, "lr": lr, **also, **self._handles(v, "accum", "accum_update")}

    def _dense(self, v, g, lr):
        tf.raw_ops.ResourceApplyAdadelta(grad=g, **self._given(v, lr))

    def _sparse(self, v, g, indices, lr):
        tf.raw_ops.ResourceSparseApplyAdadelta(grad=g, indices=indices, **self._given(v, lr))
