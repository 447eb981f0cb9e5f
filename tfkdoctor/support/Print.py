# mypy: ignore-errors
"""`tf.Print`: passes a tensor on and prints others. `tf.print` does the printing alone."""

import sys

import tensorflow as tf


def Print(input_, data, message=None, first_n=None, summarize=None, name=None):
    """The tensor, once `data` has been printed to standard error, `first_n` times at most (None: each time)."""
    shown = [message] if message else []
    if first_n is None or first_n < 0:
        printed = tf.print(*shown, *data, output_stream=sys.stderr, summarize=summarize or 3)
    else:
        left = tf.Variable(first_n, trainable=False)

        def show():
            tf.print(*shown, *data, output_stream=sys.stderr, summarize=summarize or 3)
            return left.assign_sub(1)

        printed = tf.cond(left > 0, show, left.read_value)
    with tf.control_dependencies([printed] if printed is not None else []):
        return tf.identity(input_)
