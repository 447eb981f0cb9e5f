"""Keras 1's precision: of each batch, averaged over batches by their sizes.

tf.keras.metrics counts over the whole epoch instead, which is what one mostly wants: drop it for that.
"""

import tensorflow as tf


def precision(y_true, y_pred):  # type: ignore[no-untyped-def]
    """The value of the batch, once for each of its samples."""
    y_true = tf.cast(y_true, y_pred.dtype)
    epsilon = tf.keras.backend.epsilon()
    hits = tf.reduce_sum(tf.round(tf.clip_by_value(y_true * y_pred, 0.0, 1.0)))
    return tf.fill(
        [tf.shape(y_pred)[0]], hits / (tf.reduce_sum(tf.round(tf.clip_by_value(y_pred, 0.0, 1.0))) + epsilon)
    )
