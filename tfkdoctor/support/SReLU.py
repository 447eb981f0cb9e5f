"""Keras 1's SReLU: a line of slope a_left below t_left, the input itself, and a line of slope a_right above."""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class SReLU(tf.keras.layers.Layer):  # type: ignore[misc]
    """One set of four weights for each input feature; along `shared_axes` (counted from 1) one for all."""

    def __init__(  # type: ignore[no-untyped-def]
        self,
        t_left_init="zeros",
        a_left_init="glorot_uniform",
        t_right_init="glorot_uniform",
        a_right_init="ones",
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.inits = [t_left_init, a_left_init, t_right_init, a_right_init]
        self.shared_axes = [shared_axes] if isinstance(shared_axes, int) else list(shared_axes or [])

    def build(self, input_shape):  # type: ignore[no-untyped-def]
        shape = tuple(1 if axis in self.shared_axes else size for axis, size in enumerate(input_shape) if axis)
        names = ("t_left", "a_left", "t_right", "a_right")
        self.t_left, self.a_left, self.t_right, self.a_right = [
            self.add_weight(shape=shape, initializer=self.inits[i], name=name) for i, name in enumerate(names)
        ]
        super().build(input_shape)

    def call(self, inputs):  # type: ignore[no-untyped-def]
        right = self.t_left + tf.abs(self.t_right)  # never left of the left part
        centre = tf.clip_by_value(tf.nn.relu(inputs - self.t_left), 0.0, right - self.t_left)
        left = self.t_left + centre - self.a_left * tf.nn.relu(self.t_left - inputs)
        return left + tf.nn.relu(inputs - right) * self.a_right

    def get_config(self):  # type: ignore[no-untyped-def]
        names = ("t_left_init", "a_left_init", "t_right_init", "a_right_init")
        inits = {name: self.inits[i] for i, name in enumerate(names)}
        return {**super().get_config(), **inits, "shared_axes": self.shared_axes}
