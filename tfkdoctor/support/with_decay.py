"""The argument `decay` of Keras 1 and 2's optimizers, where a callback or the program sets the rate as well.

tf.keras has schedules in its place, and a rate that follows one cannot be set.
"""

import tensorflow as tf


def with_decay(optimizer, decay):  # type: ignore[no-untyped-def]
    """The same optimizer, whose every step goes by learning_rate / (1 + decay * iterations)."""
    update = optimizer.update_step

    def update_step(gradient, variable, learning_rate):  # type: ignore[no-untyped-def]
        rate = tf.convert_to_tensor(learning_rate)
        return update(gradient, variable, rate / (1.0 + decay * tf.cast(optimizer.iterations, rate.dtype)))

    optimizer.update_step = update_step
    return optimizer
