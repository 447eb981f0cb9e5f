# mypy: ignore-errors
"""`tf.losses.absolute_difference` of TensorFlow 1. Without weights it is `tf.reduce_mean(tf.abs(predictions -
labels))`."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_absolute_difference(
    labels, predictions, weights=1.0, scope=None, loss_collection=None, reduction="weighted_sum_by_nonzero_weights"
):
    """The mean of absolute errors."""
    predictions, labels = tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    losses = tf.abs(predictions - labels)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
