# mypy: ignore-errors
"""`tf.losses.softmax_cross_entropy` of TensorFlow 1. Without weights it is the mean of
`tf.nn.softmax_cross_entropy_with_logits`."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_softmax_cross_entropy(
    onehot_labels,
    logits,
    weights=1.0,
    label_smoothing=0,
    scope=None,
    loss_collection=None,
    reduction="weighted_sum_by_nonzero_weights",
):
    """The cross entropy of exclusive classes; no gradient flows into the labels."""
    logits = tf.convert_to_tensor(logits)
    labels = tf.cast(onehot_labels, logits.dtype)
    logits.shape.assert_is_compatible_with(labels.shape)
    if label_smoothing > 0:
        classes = tf.cast(tf.shape(labels)[-1], logits.dtype)
        labels = labels * (1 - label_smoothing) + label_smoothing / classes
    losses = tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(labels), logits=logits)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
