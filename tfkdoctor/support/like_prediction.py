"""Targets as Keras 2.3 gave them to metric functions: floats, of the rank of the predictions.

tf.keras hands on what fit() was given: integers of shape (n,) beside predictions of shape (n, 1). And it writes the
function's name in small letters; here the key in the logs is the name as it is.
"""

import tensorflow as tf


def like_prediction(function):  # type: ignore[no-untyped-def]
    """The same metric of (y_true, y_pred); give the function itself where the targets are floats of the right shape."""

    def metric(y_true, y_pred):  # type: ignore[no-untyped-def]
        y_true = tf.cast(y_true, y_pred.dtype)
        if y_true.shape.rank is not None and y_true.shape.rank < y_pred.shape.rank:
            y_true = tf.expand_dims(y_true, -1)
        return function(y_true, y_pred)

    return tf.keras.metrics.MeanMetricWrapper(metric, name=function.__name__)
