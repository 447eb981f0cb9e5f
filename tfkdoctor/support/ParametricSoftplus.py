"""Keras 1's ParametricSoftplus: alpha * log(1 + exp(beta * x)), with alpha and beta learned."""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class ParametricSoftplus(tf.keras.layers.Layer):  # type: ignore[misc]
    """One alpha and beta for each input feature; along `shared_axes` (counted from 1) one for all."""

    def __init__(self, alpha_init=0.2, beta_init=5.0, weights=None, shared_axes=None, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(**kwargs)
        self.supports_masking = True
        self.alpha_init = float(alpha_init)
        self.beta_init = float(beta_init)
        self.initial_weights = weights
        self.shared_axes = [shared_axes] if isinstance(shared_axes, int) else list(shared_axes or [])

    def build(self, input_shape):  # type: ignore[no-untyped-def]
        shape = tuple(1 if axis in self.shared_axes else size for axis, size in enumerate(input_shape) if axis)
        constant = tf.keras.initializers.Constant
        self.alphas = self.add_weight(shape=shape, initializer=constant(self.alpha_init), name="alphas")
        self.betas = self.add_weight(shape=shape, initializer=constant(self.beta_init), name="betas")
        if self.initial_weights is not None:
            self.set_weights(self.initial_weights)
            self.initial_weights = None
        super().build(input_shape)

    def call(self, inputs):  # type: ignore[no-untyped-def]
        return tf.nn.softplus(self.betas * inputs) * self.alphas

    def get_config(self):  # type: ignore[no-untyped-def]
        config = {"alpha_init": self.alpha_init, "beta_init": self.beta_init, "shared_axes": self.shared_axes}
        return {**super().get_config(), **config}
