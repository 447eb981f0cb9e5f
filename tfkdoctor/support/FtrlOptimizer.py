# mypy: ignore-errors
"""`tf.train.FtrlOptimizer`; `tf.keras.optimizers.Ftrl` takes the same steps on dense gradients."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class FtrlOptimizer(_FirstOptimizer):
    """Follows the regularized leader."""

    def __init__(
        self,
        learning_rate,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="Ftrl",
        accum_name=None,
        linear_name=None,
        l2_shrinkage_regularization_strength=0.0,
    ):
        super().__init__(learning_rate, name, accum=initial_accumulator_value, linear=0.0)
        self._also = {
            "lr_power": learning_rate_power,
            "l1": l1_regularization_strength,
            "l2": l2_regularization_strength,
            "l2_shrinkage": l2_shrinkage_regularization_strength,
        }

    def _given(self, v, lr):
        also = {name: tf.cast(value, v.dtype) for name, value in self._also.items()}
        return {"var": v.handle, "lr": lr, **also, **self._handles(v, "accum", "linear")}

    def _dense(self, v, g, lr):
        tf.raw_ops.ResourceApplyFtrlV2(grad=g, **self._given(v, lr))

    def _sparse(self, v, g, indices, lr):
        tf.raw_ops.ResourceSparseApplyFtrlV2(grad=g, indices=indices, **self._given(v, lr))
