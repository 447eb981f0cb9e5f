# mypy: ignore-errors
"""`tf.losses.cosine_distance` of TensorFlow 1. `tf.keras.losses.CosineSimilarity` normalizes and has the opposite
sign."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_cosine_distance(
    labels,
    predictions,
    axis=None,
    weights=1.0,
    scope=None,
    loss_collection=None,
    reduction="weighted_sum_by_nonzero_weights",
    dim=None,
):
    """One minus the cosine of unit vectors."""
    predictions, labels = tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    axis = dim if axis is None else axis
    losses = 1 - tf.reduce_sum(predictions * labels, axis=(axis,), keepdims=True)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
