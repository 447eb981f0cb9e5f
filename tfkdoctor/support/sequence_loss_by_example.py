# mypy: ignore-errors
"""The losses of tf.contrib.legacy_seq2seq over lists of steps: a sum per sequence over the sum of its weights."""

import tensorflow.compat.v1 as tf1


def sequence_loss_by_example(
    logits, targets, weights, average_across_timesteps=True, softmax_loss_function=None, name=None
):
    """`tf.contrib.legacy_seq2seq.sequence_loss_by_example`: a loss for each sequence of the batch."""
    loss = softmax_loss_function or tf1.nn.sparse_softmax_cross_entropy_with_logits
    with tf1.name_scope(name, "sequence_loss_by_example", [*logits, *targets, *weights]):
        total = tf1.add_n(
            [
                loss(labels=tf1.reshape(target, [-1]) if softmax_loss_function is None else target, logits=logit)
                * weight
                for logit, target, weight in zip(logits, targets, weights, strict=True)
            ]
        )
        return total / (tf1.add_n(weights) + 1e-12) if average_across_timesteps else total


def legacy_sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    softmax_loss_function=None,
    name=None,
):
    """`tf.contrib.legacy_seq2seq.sequence_loss`: their sum, or mean, over the batch."""
    with tf1.name_scope(name, "sequence_loss", [*logits, *targets, *weights]):
        total = tf1.reduce_sum(
            sequence_loss_by_example(logits, targets, weights, average_across_timesteps, softmax_loss_function)
        )
        return total / tf1.cast(tf1.shape(targets[0])[0], total.dtype) if average_across_batch else total
