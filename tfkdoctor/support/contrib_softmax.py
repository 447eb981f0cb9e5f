# mypy: ignore-errors
"""`tf.contrib.layers.softmax` (slim's too): over the last dimension; tf.nn.softmax would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _contrib


@_contrib("softmax")
def contrib_softmax(logits, scope=None):
    """`tf.contrib.layers.softmax`."""
    with tf1.variable_scope(scope, "softmax", [logits]):
        return tf1.nn.softmax(logits)
