"""Targets as Keras 1 and 2 gave them to loss functions: floats, of the rank of the predictions.

tf.keras hands on what fit() was given, and TensorFlow multiplies no integers by floats.
"""

import functools

import tensorflow as tf


def float_targets(function):  # type: ignore[no-untyped-def]
    """The same loss of (y_true, y_pred); give the function itself where the targets are floats."""

    @functools.wraps(function)
    def loss(y_true, y_pred):  # type: ignore[no-untyped-def]
        y_true = tf.cast(y_true, y_pred.dtype)
        if y_true.shape.rank is not None and y_true.shape.rank < y_pred.shape.rank:
            y_true = tf.expand_dims(y_true, -1)
        return function(y_true, y_pred)

    return loss
