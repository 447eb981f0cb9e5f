# mypy: ignore-errors
"""`tf.losses.sigmoid_cross_entropy` of TensorFlow 1. Without weights it is the mean of
`tf.nn.sigmoid_cross_entropy_with_logits`."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_sigmoid_cross_entropy(
    multi_class_labels,
    logits,
    weights=1.0,
    label_smoothing=0,
    scope=None,
    loss_collection=None,
    reduction="weighted_sum_by_nonzero_weights",
):
    """The cross entropy of independent classes."""
    logits = tf.convert_to_tensor(logits)
    labels = tf.cast(multi_class_labels, logits.dtype)
    logits.shape.assert_is_compatible_with(labels.shape)
    if label_smoothing > 0:
        labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
