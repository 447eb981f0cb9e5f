# mypy: ignore-errors
"""`tf.losses.mean_squared_error` of TensorFlow 1. Without weights it is `tf.reduce_mean(tf.square(predictions -
labels))`."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_mean_squared_error(
    labels, predictions, weights=1.0, scope=None, loss_collection=None, reduction="weighted_sum_by_nonzero_weights"
):
    """The mean of squared errors."""
    predictions, labels = tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    losses = tf.math.squared_difference(predictions, labels)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
