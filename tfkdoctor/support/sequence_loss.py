# mypy: ignore-errors
"""`tf.contrib.seq2seq.sequence_loss`: weighted cross entropy of sequences."""

import tensorflow.compat.v1 as tf1


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    sum_over_timesteps=False,
    sum_over_batch=False,
    softmax_loss_function=None,
    name=None,
):
    """`tf.contrib.seq2seq.sequence_loss`."""
    if (average_across_timesteps and sum_over_timesteps) or (average_across_batch and sum_over_batch):
        raise ValueError("a dimension is averaged or summed, not both")
    with tf1.name_scope(name, "sequence_loss", [logits, targets, weights]):
        flat = tf1.reshape(logits, [-1, tf1.shape(logits)[2]])
        targets = tf1.reshape(targets, [-1])
        loss = softmax_loss_function or tf1.nn.sparse_softmax_cross_entropy_with_logits
        losses = loss(labels=targets, logits=flat) * tf1.reshape(weights, [-1])
        losses = tf1.reshape(losses, tf1.shape(logits)[:2])
        over_batch, over_steps = average_across_batch or sum_over_batch, average_across_timesteps or sum_over_timesteps
        axes = [0] * over_batch + [1] * over_steps
        if not axes:
            return losses
        if (sum_over_batch and sum_over_timesteps) or not (average_across_batch or average_across_timesteps):
            number = tf1.cast(tf1.count_nonzero(weights, axis=axes), losses.dtype)
        else:
            if average_across_batch != average_across_timesteps:
                axes = [0] if average_across_batch else [1]
            number = tf1.reduce_sum(weights, axis=axes)
        return tf1.div_no_nan(tf1.reduce_sum(losses, axis=axes), number)
