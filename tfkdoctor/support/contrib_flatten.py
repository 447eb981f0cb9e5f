# mypy: ignore-errors
"""`tf.contrib.layers.flatten` (slim's too); tf.keras.layers.Flatten would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _contrib
from tfkdoctor.support.contrib_outputs import contrib_collect_named_outputs
from tfkdoctor.support.layers_flatten import layers_flatten


@_contrib("flatten")
def contrib_flatten(inputs, outputs_collections=None, scope=None):
    """`tf.contrib.layers.flatten`."""
    with tf1.name_scope(scope, "Flatten", [inputs]) as sc:
        return contrib_collect_named_outputs(outputs_collections, sc, layers_flatten(tf1.convert_to_tensor(inputs)))
