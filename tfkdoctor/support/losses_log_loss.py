# mypy: ignore-errors
"""`tf.losses.log_loss` of TensorFlow 1. `tf.keras.losses.BinaryCrossentropy` clips where this adds epsilon."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_log_loss(
    labels,
    predictions,
    weights=1.0,
    epsilon=1e-7,
    scope=None,
    loss_collection=None,
    reduction="weighted_sum_by_nonzero_weights",
):
    """The cross entropy of probabilities."""
    predictions, labels = tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    losses = -labels * tf.math.log(predictions + epsilon) - (1 - labels) * tf.math.log(1 - predictions + epsilon)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
