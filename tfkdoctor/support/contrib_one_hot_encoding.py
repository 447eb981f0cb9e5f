# mypy: ignore-errors
"""`tf.contrib.layers.one_hot_encoding` (slim's too); tf.one_hot would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _contrib
from tfkdoctor.support.contrib_outputs import contrib_collect_named_outputs


@_contrib("one_hot_encoding")
def contrib_one_hot_encoding(labels, num_classes, on_value=1.0, off_value=0.0, outputs_collections=None, scope=None):
    """`tf.contrib.layers.one_hot_encoding`."""
    with tf1.name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        outputs = tf1.one_hot(tf1.cast(labels, tf1.int64), num_classes, on_value=on_value, off_value=off_value)
        return contrib_collect_named_outputs(outputs_collections, sc, outputs)
