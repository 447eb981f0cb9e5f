# mypy: ignore-errors
"""`tf.train.RMSPropOptimizer`: its average of squares begins at 1, that of `tf.keras.optimizers.RMSprop` at 0. The
first steps are a third of Keras' (0.1 and 0.316 for a rate of 0.1)."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class RMSPropOptimizer(_FirstOptimizer):
    """Steps divided by the root of an average of squared gradients."""

    def __init__(
        self,
        learning_rate,
        decay=0.9,
        momentum=0.0,
        epsilon=1e-10,
        use_locking=False,
        centered=False,
        name="RMSProp",
    ):
        super().__init__(learning_rate, name, ms=1.0, mom=0.0, **({"mg": 0.0} if centered else {}))
        self._rho, self._momentum, self._epsilon, self._centered = decay, momentum, epsilon, centered

    def _given(self, v, lr):
        also = {"rho": self._rho, "momentum": self._momentum, "epsilon": self._epsilon}
        slots = self._handles(v, "ms", "mom", *(("mg",) if self._centered else ()))
        return {"var": v.handle, "lr": lr, **{k: tf.cast(x, v.dtype) for k, x in also.items()}, **slots}

    def _dense(self, v, g, lr):
        ops = tf.raw_ops
        apply = ops.ResourceApplyCenteredRMSProp if self._centered else ops.ResourceApplyRMSProp
        apply(grad=g, **self._given(v, lr))

    def _sparse(self, v, g, indices, lr):
        ops = tf.raw_ops
        apply = ops.ResourceSparseApplyCenteredRMSProp if self._centered else ops.ResourceSparseApplyRMSProp
        apply(grad=g, indices=indices, **self._given(v, lr))
