# mypy: ignore-errors
"""`tf.contrib.layers.dropout` (slim's too): the probability to keep, active unless `is_training` says otherwise.
tf.keras.layers.Dropout would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _as_model_variable, _contrib
from tfkdoctor.support.contrib_outputs import contrib_collect_named_outputs
from tfkdoctor.support.layers_dropout import LayersDropout


@_contrib("dropout")
def contrib_dropout(
    inputs, keep_prob=0.5, noise_shape=None, is_training=True, outputs_collections=None, scope=None, seed=None
):
    """`tf.contrib.layers.dropout`."""
    with tf1.variable_scope(scope, "Dropout", [inputs], custom_getter=_as_model_variable) as sc:
        layer = LayersDropout(1 - keep_prob, noise_shape, seed, name=sc.name, _scope=sc)
        outputs = layer(tf1.convert_to_tensor(inputs), training=is_training)
        return contrib_collect_named_outputs(outputs_collections, sc.name, outputs)
