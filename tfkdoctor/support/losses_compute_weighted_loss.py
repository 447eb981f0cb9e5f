# mypy: ignore-errors
"""`tf.losses` of TensorFlow 1: a weighted loss is divided by the number of its weights that are not zero."""

import tensorflow as tf


def losses_compute_weighted_loss(
    losses, weights=1.0, scope=None, loss_collection=None, reduction="weighted_sum_by_nonzero_weights"
):
    """The losses times their weights, reduced as one of `tf.losses.Reduction` says."""
    losses = tf.convert_to_tensor(losses)
    kind = losses.dtype
    losses, weights = tf.cast(losses, tf.float32), tf.cast(weights, tf.float32)
    weighted = losses * weights
    total = tf.reduce_sum(weighted)
    if reduction == "none":
        total = weighted
    elif reduction == "weighted_mean":
        total = tf.math.divide_no_nan(total, tf.reduce_sum(tf.ones_like(losses) * weights))
    elif reduction == "weighted_sum_over_batch_size":
        total = tf.math.divide_no_nan(total, tf.cast(tf.size(losses), tf.float32))
    elif reduction != "weighted_sum":
        present = tf.cast(tf.not_equal(weights, 0.0), tf.float32) * tf.ones_like(losses)
        total = tf.math.divide_no_nan(total, tf.reduce_sum(present))
    return tf.cast(total, kind)


class losses_Reduction:
    """`tf.losses.Reduction`."""

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
