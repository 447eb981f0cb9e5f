# mypy: ignore-errors
"""`tf.losses.mean_pairwise_squared_error` of TensorFlow 1, which TensorFlow 2 has no other form of."""

import tensorflow as tf


def losses_mean_pairwise_squared_error_eagerly(labels, predictions, weights=1.0, scope=None, loss_collection=None):
    """The same as TensorFlow 1 had it eagerly: with one weight for all it counts the elements of the batch."""
    alike = tf.rank(weights) == 0
    number = tf.cast(tf.size(labels), tf.float32) if alike and weights != 0 else None
    return losses_mean_pairwise_squared_error(labels, predictions, weights, number=number)


def losses_mean_pairwise_squared_error(labels, predictions, weights=1.0, scope=None, loss_collection=None, number=None):
    """The squared differences between the errors of all pairs of elements of a sample."""
    weights, labels = tf.cast(weights, tf.float32), tf.cast(labels, tf.float32)
    errors = tf.cast(predictions, tf.float32) - labels
    axis = tf.range(1, tf.rank(errors))
    present = tf.cast(tf.not_equal(weights, 0.0), tf.float32) * tf.ones_like(errors)
    number = tf.reduce_sum(present, axis=axis, keepdims=True) if number is None else number
    squares = tf.reduce_sum(tf.square(errors), axis=axis, keepdims=True)
    square = tf.square(tf.reduce_sum(errors, axis=axis, keepdims=True))
    first = 2.0 * tf.math.divide_no_nan(squares, tf.maximum(number - 1, 0))
    second = 2.0 * tf.math.divide_no_nan(square, tf.maximum(number * (number - 1), 0))
    loss = tf.reduce_sum((first - second) * weights)
    return tf.where(tf.reduce_sum(number) > 0, loss, tf.zeros_like(loss))
