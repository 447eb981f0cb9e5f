"""Keras 1's MaxoutDense layer, which later versions do not have: the largest of several dense layers."""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class MaxoutDense(tf.keras.layers.Layer):  # type: ignore[misc]
    """Keras 1's layer with Keras 2's arguments: kernel (nb_feature, inputs, units), bias (nb_feature, units)."""

    def __init__(  # type: ignore[no-untyped-def]
        self,
        units,
        nb_feature=4,
        kernel_initializer="glorot_uniform",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        use_bias=True,
        **kwargs,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units, self.nb_feature, self.use_bias = units, nb_feature, use_bias
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = tf.keras.constraints.get(kernel_constraint)
        self.bias_constraint = tf.keras.constraints.get(bias_constraint)

    def build(self, input_shape):  # type: ignore[no-untyped-def]
        self.kernel = self.add_weight(
            shape=(self.nb_feature, input_shape[-1], self.units),
            initializer=self.kernel_initializer,
            name="kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.nb_feature, self.units),
                initializer="zeros",
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    def call(self, inputs):  # type: ignore[no-untyped-def]
        outputs = tf.einsum("ni,fiu->nfu", inputs, self.kernel)
        if self.use_bias:
            outputs += self.bias
        return tf.reduce_max(outputs, axis=1)

    def get_config(self):  # type: ignore[no-untyped-def]
        return super().get_config() | {
            "units": self.units,
            "nb_feature": self.nb_feature,
            "kernel_initializer": tf.keras.initializers.serialize(self.kernel_initializer),
            "kernel_regularizer": tf.keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": tf.keras.regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": tf.keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": tf.keras.constraints.serialize(self.bias_constraint),
            "use_bias": self.use_bias,
        }
