"""The argument `decay` of Keras 1 and 2's optimizers, where a callback or the program sets the rate as well.

The optimizers of tf.keras have schedules in its place, and a rate that follows one cannot be set; those of
tf.keras.optimizers.legacy have it.
"""

import inspect

import tensorflow as tf


def with_decay(optimizer, decay):  # type: ignore[no-untyped-def]
    """The same optimizer, whose every step goes by learning_rate / (1 + decay * iterations)."""
    kind = getattr(tf.keras.optimizers.legacy, type(optimizer).__name__)
    known = {*inspect.signature(kind).parameters, "clipnorm", "clipvalue", "global_clipnorm"}
    given = {name: value for name, value in optimizer.get_config().items() if name in known and value is not None}
    return kind(**given, decay=decay)
