# mypy: ignore-errors
"""`tf.losses.sparse_softmax_cross_entropy` of TensorFlow 1. Without weights it is the mean of
`tf.nn.sparse_softmax_cross_entropy_with_logits`."""

import tensorflow as tf

from tfkdoctor.support.losses_compute_weighted_loss import losses_compute_weighted_loss


def losses_sparse_softmax_cross_entropy(
    labels, logits, weights=1.0, scope=None, loss_collection=None, reduction="weighted_sum_by_nonzero_weights"
):
    """The cross entropy of exclusive classes given by number."""
    logits = tf.convert_to_tensor(logits)
    labels = tf.convert_to_tensor(labels)
    if labels.shape.rank == logits.shape.rank and labels.shape[-1] == 1:
        labels = tf.squeeze(labels, -1)
    weights = tf.convert_to_tensor(weights, tf.float32)
    if labels.shape.rank is not None and weights.shape.rank == labels.shape.rank + 1 and weights.shape[-1] == 1:
        weights = tf.squeeze(weights, -1)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return losses_compute_weighted_loss(losses, weights, reduction=reduction)
