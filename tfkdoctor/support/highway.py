"""Keras 1's Highway layer, which later versions do not have: a dense layer, and a gate how much of it to take."""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class Highway(tf.keras.layers.Layer):  # type: ignore[misc]
    """Keras 1's layer with Keras 2's names of arguments, and Keras 1's order of weights (kernel, carry, biases)."""

    def __init__(  # type: ignore[no-untyped-def]
        self,
        kernel_initializer="glorot_uniform",
        activation=None,
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        use_bias=True,
        **kwargs,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.activation = tf.keras.activations.get(activation)
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = tf.keras.constraints.get(kernel_constraint)
        self.bias_constraint = tf.keras.constraints.get(bias_constraint)
        self.use_bias = use_bias

    def build(self, input_shape):  # type: ignore[no-untyped-def]
        size = input_shape[-1]
        self.kernel = self.add_weight(
            shape=(size, size),
            initializer=self.kernel_initializer,
            name="kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.carry = self.add_weight(shape=(size, size), initializer=self.kernel_initializer, name="carry")
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(size,),
                initializer="zeros",
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
            self.carry_bias = self.add_weight(shape=(size,), initializer="ones", name="carry_bias")

    def call(self, inputs):  # type: ignore[no-untyped-def]
        gate, dense = tf.matmul(inputs, self.carry), tf.matmul(inputs, self.kernel)
        if self.use_bias:
            gate, dense = gate + self.carry_bias, dense + self.bias
        gate = tf.sigmoid(gate)
        return self.activation(dense) * gate + (1.0 - gate) * inputs

    def get_config(self):  # type: ignore[no-untyped-def]
        return super().get_config() | {
            "kernel_initializer": tf.keras.initializers.serialize(self.kernel_initializer),
            "activation": tf.keras.activations.serialize(self.activation),
            "kernel_regularizer": tf.keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": tf.keras.regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": tf.keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": tf.keras.constraints.serialize(self.bias_constraint),
            "use_bias": self.use_bias,
        }
