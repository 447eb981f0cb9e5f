"""K.in_train_phase and K.in_test_phase of Keras 1 and 2: one value in training, another one in inference.

tf.keras has no learning phase: a layer is told of training by the argument `training` of its `call`.
"""

import tensorflow as tf


def in_train_phase(x, alt, training=None):  # type: ignore[no-untyped-def]
    """`x` while training, else `alt`; `x if training else alt`, where `training` is no tensor."""
    if tf.is_tensor(training):
        return tf.cond(tf.cast(training, tf.bool), lambda: _value(x), lambda: _value(alt))  # type: ignore[no-untyped-call]
    return _value(x if training else alt)  # type: ignore[no-untyped-call]


def in_test_phase(x, alt, training=None):  # type: ignore[no-untyped-def]
    """`x` in inference, else `alt`."""
    return in_train_phase(alt, x, training)  # type: ignore[no-untyped-call]


def _value(x):  # type: ignore[no-untyped-def]
    return x() if callable(x) and not tf.is_tensor(x) else x
