# mypy: ignore-errors
"""`tf.train.MomentumOptimizer`: it gathers gradients, where `tf.keras.optimizers.SGD(momentum=…)` gathers steps. The
two are the same as long as the learning rate is."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class MomentumOptimizer(_FirstOptimizer):
    """Steps against a decaying sum of gradients."""

    def __init__(self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False):
        super().__init__(learning_rate, name, accum=0.0)
        self._momentum = momentum
        self._nesterov = use_nesterov

    def _given(self, v, lr):
        momentum = self._momentum() if callable(self._momentum) else self._momentum
        also = {"momentum": tf.cast(momentum, v.dtype), "use_nesterov": self._nesterov}
        return {"var": v.handle, "lr": lr, **also, **self._handles(v, "accum")}

    def _dense(self, v, g, lr):
        tf.raw_ops.ResourceApplyMomentum(grad=g, **self._given(v, lr))

    def _sparse(self, v, g, indices, lr):
        tf.raw_ops.ResourceSparseApplyMomentum(grad=g, indices=indices, **self._given(v, lr))
