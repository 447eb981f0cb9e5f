"""RMSprop of Keras 1 and 2: the gradient divided by (root + epsilon).

tf.keras divides it by the root of (square + epsilon). With the square of the old epsilon that is nearly the same,
except for gradients near epsilon or smaller: steps differ by a third at 1e-7.
"""

import tensorflow as tf

from tfkdoctor.support.slots import _Slots


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class RMSprop(_Slots):
    """Keras 2's optimizer; tf.keras.optimizers.RMSprop(epsilon=1e-14) where gradients are larger than 1e-5."""

    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7, name="rmsprop", **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.rho, self.epsilon = rho, epsilon

    def direction(self, gradient, square):  # type: ignore[no-untyped-def]
        square.assign(self.rho * square + (1.0 - self.rho) * tf.square(gradient))
        return gradient / (tf.sqrt(square) + self.epsilon)

    def get_config(self):  # type: ignore[no-untyped-def]
        return super().get_config() | {"rho": self.rho, "epsilon": self.epsilon}
