# mypy: ignore-errors
"""`tf.losses.huber_loss` of TensorFlow 1. `tf.keras.losses.Huber` is its mean over the last axis, which is the same
without weights."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_huber_loss(
    labels,
    predictions,
    weights=1.0,
    delta=1.0,
    scope=None,
    loss_collection=None,
    reduction="weighted_sum_by_nonzero_weights",
):
    """Squared errors up to `delta`, absolute ones beyond."""
    predictions, labels = tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    error = tf.abs(predictions - labels)
    square = tf.minimum(error, delta)
    losses = 0.5 * square * square + delta * (error - square)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
