"""`logcosh` as a metric: Keras 3 logs the same value as 'log_cosh_error'."""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def logcosh(y_true, y_pred):  # type: ignore[no-untyped-def]
    """One value for each sample; drop it for tf.keras.metrics.LogCoshError and its key in histories."""
    error = y_pred - tf.cast(y_true, y_pred.dtype)
    return tf.reduce_mean(error + tf.math.softplus(-2.0 * error) - tf.math.log(2.0), axis=-1)
