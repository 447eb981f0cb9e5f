"""Keras 1's Matthews correlation: of each batch, averaged over batches by their sizes."""

import tensorflow as tf


def matthews_correlation(y_true, y_pred):  # type: ignore[no-untyped-def]
    """The value of the batch, once for each of its samples."""
    said = tf.round(tf.clip_by_value(y_pred, 0.0, 1.0))
    true = tf.round(tf.clip_by_value(tf.cast(y_true, y_pred.dtype), 0.0, 1.0))
    tp, tn = tf.reduce_sum(true * said), tf.reduce_sum((1.0 - true) * (1.0 - said))
    fp, fn = tf.reduce_sum((1.0 - true) * said), tf.reduce_sum(true * (1.0 - said))
    root = tf.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return tf.fill([tf.shape(y_pred)[0]], (tp * tn - fp * fn) / (root + tf.keras.backend.epsilon()))
