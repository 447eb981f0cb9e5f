"""Nadam of Keras 1 and 2, whose momentum warms up slowly: over the steps times `schedule_decay`.

tf.keras has no such argument and warms up 250 times faster (as for schedule_decay=1), so that the first hundreds of
steps are other steps.
"""

import tensorflow as tf

from tfkdoctor.support.slots import _Slots


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class Nadam(_Slots):
    """Keras 2's optimizer; tf.keras.optimizers.Nadam(learning_rate=0.002) trains much the same, with other numbers."""

    slot_names = ("momentum", "velocity")

    def __init__(  # type: ignore[no-untyped-def]
        self,
        learning_rate=0.002,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        schedule_decay=0.004,
        name="nadam",
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon, self.schedule_decay = beta_1, beta_2, epsilon, schedule_decay

    def build(self, variables):  # type: ignore[no-untyped-def]
        if not self.built:
            super().build(variables)  # type: ignore[no-untyped-call]
            self.schedule = self.add_variable(shape=(), initializer="ones", name="schedule")

    def apply(self, grads, trainable_variables=None):  # type: ignore[no-untyped-def]
        if trainable_variables is not None:
            self.build(trainable_variables)  # type: ignore[no-untyped-call]
        self.schedule.assign(self.schedule * self._momentum(1.0))  # type: ignore[no-untyped-call]
        return super().apply(grads, trainable_variables)

    def _momentum(self, ahead):  # type: ignore[no-untyped-def]
        step = tf.cast(self.iterations, tf.float32) + ahead
        return self.beta_1 * (1.0 - 0.5 * tf.pow(0.96, step * self.schedule_decay))

    def direction(self, gradient, momentum, velocity):  # type: ignore[no-untyped-def]
        now, following = self._momentum(1.0), self._momentum(2.0)  # type: ignore[no-untyped-call]
        momentum.assign(self.beta_1 * momentum + (1.0 - self.beta_1) * gradient)
        velocity.assign(self.beta_2 * velocity + (1.0 - self.beta_2) * tf.square(gradient))
        mean = (1.0 - now) * gradient / (1.0 - self.schedule)
        mean += following * momentum / (1.0 - self.schedule * following)
        square = velocity / (1.0 - tf.pow(self.beta_2, tf.cast(self.iterations, tf.float32) + 1.0))
        return mean / (tf.sqrt(square) + self.epsilon)

    def get_config(self):  # type: ignore[no-untyped-def]
        names = ("beta_1", "beta_2", "epsilon", "schedule_decay")
        return super().get_config() | {name: getattr(self, name) for name in names}
