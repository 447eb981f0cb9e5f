# mypy: ignore-errors
"""`tf.contrib.seq2seq.sequence_loss`: crossentropy of sequences, weighted, averaged or summed over time and batch."""

import tensorflow as tf


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
    """The loss of logits (batch, time, symbols) against targets (batch, time), each step counted by its weight."""
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError("average_across_timesteps and sum_over_timesteps cannot be set to True at same time.")
    if average_across_batch and sum_over_batch:
        raise ValueError("average_across_batch and sum_over_batch cannot be set to True at same time.")
    loss_of = softmax_loss_function or tf.compat.v1.nn.sparse_softmax_cross_entropy_with_logits
    with tf.compat.v1.name_scope(name, "sequence_loss", [logits, targets, weights]):
        flat = tf.reshape(logits, [-1, tf.shape(logits)[2]])
        losses = loss_of(labels=tf.reshape(targets, [-1]), logits=flat) * tf.reshape(weights, [-1])
        losses = tf.reshape(losses, tf.shape(logits)[:2])
        if average_across_timesteps and average_across_batch:
            return tf.math.divide_no_nan(tf.reduce_sum(losses), tf.reduce_sum(weights))
        if sum_over_timesteps and sum_over_batch:
            return tf.math.divide_no_nan(tf.reduce_sum(losses), tf.math.count_nonzero(weights, dtype=losses.dtype))
        if average_across_timesteps or average_across_batch:
            axis = [0] if average_across_batch else [1]
            return tf.math.divide_no_nan(tf.reduce_sum(losses, axis), tf.reduce_sum(weights, axis))
        if sum_over_timesteps or sum_over_batch:
            axis = [0] if sum_over_batch else [1]
            counts = tf.math.count_nonzero(weights, axis, dtype=losses.dtype)
            return tf.math.divide_no_nan(tf.reduce_sum(losses, axis), counts)
        return losses
