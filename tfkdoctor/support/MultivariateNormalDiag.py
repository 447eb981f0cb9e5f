# mypy: ignore-errors
"""`tf.contrib.distributions.MultivariateNormalDiag` over what `tf.distributions` still has.

tensorflow_probability would remove it.
"""

import tensorflow.compat.v1 as tf1


class MultivariateNormalDiag(tf1.distributions.Distribution):
    """Independent normals along the last axis: one event of that many numbers."""

    def __init__(
        self,
        loc=None,
        scale_diag=None,
        scale_identity_multiplier=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalDiag",
    ):
        with tf1.name_scope(name):
            scale = 1.0 if scale_diag is None else tf1.convert_to_tensor(scale_diag)
            if scale_identity_multiplier is not None:
                by = tf1.expand_dims(tf1.convert_to_tensor(scale_identity_multiplier), -1)
                scale = by if scale_diag is None else scale + by
            loc = tf1.zeros_like(scale) if loc is None else tf1.convert_to_tensor(loc)
            self._normal = tf1.distributions.Normal(loc, tf1.ones_like(loc) * scale)
        super().__init__(
            dtype=self._normal.dtype,
            reparameterization_type=tf1.distributions.FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters={"loc": loc, "scale_diag": scale_diag},
            graph_parents=[self._normal.loc, self._normal.scale],
            name=name,
        )

    @property
    def loc(self):
        return self._normal.loc

    def _batch_shape_tensor(self):
        return self._normal.batch_shape_tensor()[:-1]

    def _batch_shape(self):
        return self._normal.batch_shape[:-1]

    def _event_shape_tensor(self):
        return self._normal.batch_shape_tensor()[-1:]

    def _event_shape(self):
        return self._normal.batch_shape[-1:]

    def _sample_n(self, n, seed=None):
        return self._normal.sample(n, seed=seed)

    def _log_prob(self, value):
        return tf1.reduce_sum(self._normal.log_prob(value), -1)

    def _prob(self, value):
        return tf1.exp(self._log_prob(value))

    def _entropy(self):
        return tf1.reduce_sum(self._normal.entropy(), -1)

    def _mean(self):
        return self._normal.mean()

    def _mode(self):
        return self._normal.mode()

    def _stddev(self):
        return self._normal.stddev()

    def _variance(self):
        return self._normal.variance()


@tf1.distributions.RegisterKL(MultivariateNormalDiag, MultivariateNormalDiag)
def _between_diagonals(one, other, name=None):
    with tf1.name_scope(name, "kl"):
        return tf1.reduce_sum(tf1.distributions.kl_divergence(one._normal, other._normal), -1)
