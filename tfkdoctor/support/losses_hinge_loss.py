# mypy: ignore-errors
"""`tf.losses.hinge_loss` of TensorFlow 1. `tf.keras.losses.Hinge` takes labels of -1 and 1 as well."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_hinge_loss(
    labels, logits, weights=1.0, scope=None, loss_collection=None, reduction="weighted_sum_by_nonzero_weights"
):
    """The hinge loss of labels 0 and 1."""
    logits, labels = tf.cast(logits, tf.float32), tf.cast(labels, tf.float32)
    logits.shape.assert_is_compatible_with(labels.shape)
    losses = tf.nn.relu(1.0 - (2 * labels - 1.0) * logits)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
