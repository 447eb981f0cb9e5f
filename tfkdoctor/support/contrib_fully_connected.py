# mypy: ignore-errors
"""`tf.contrib.layers.fully_connected` (slim's too) on graph variables: relu unless told otherwise, no bias beside a
normalizer. tf.keras.layers.Dense would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _apply_layer, _contrib
from tfkdoctor.support.graph_layer import _ZEROS
from tfkdoctor.support.layers_dense import LayersDense
from tfkdoctor.support.variance_scaling_initializer import _XAVIER


@_contrib("fully_connected")
def contrib_fully_connected(
    inputs,
    num_outputs,
    activation_fn=tf1.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=_XAVIER,
    weights_regularizer=None,
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """`tf.contrib.layers.fully_connected`."""
    return _apply_layer(
        LayersDense,
        "fully_connected",
        inputs,
        (num_outputs,),
        activation_fn,
        normalizer_fn,
        normalizer_params,
        weights_initializer,
        weights_regularizer,
        biases_initializer,
        biases_regularizer,
        reuse,
        variables_collections,
        outputs_collections,
        trainable,
        scope,
    )
