"""Adagrad of Keras 1 and 2: the gradient divided by (root + epsilon), the sum of squares beginning at 0.

tf.keras begins at 0.1 and divides by the root of (sum + epsilon). Its arguments bring the beginning back, and with
the square of the old epsilon nearly the rest, except for gradients near epsilon or smaller.
"""

import tensorflow as tf

from tfkdoctor.support.slots import _Slots


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class Adagrad(_Slots):
    """Keras 2's optimizer; where gradients are larger than 1e-5, tf.keras' Adagrad is equal with
    initial_accumulator_value=0.0 and epsilon=1e-14."""

    def __init__(self, learning_rate=0.01, epsilon=1e-7, name="adagrad", **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.epsilon = epsilon

    def direction(self, gradient, squares):  # type: ignore[no-untyped-def]
        squares.assign_add(tf.square(gradient))
        return gradient / (tf.sqrt(squares) + self.epsilon)

    def get_config(self):  # type: ignore[no-untyped-def]
        return super().get_config() | {"epsilon": self.epsilon}
