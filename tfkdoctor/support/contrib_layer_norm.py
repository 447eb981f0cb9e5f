# mypy: ignore-errors
"""`tf.contrib.layers.layer_norm` on graph variables: over all but the first dimension, parameters for the last, an
epsilon of 1e-12. tf.keras.layers.LayerNormalization(epsilon=1e-12) would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _collections_of, _contrib, _finished
from tfkdoctor.support.contrib_variable import contrib_model_variable


@_contrib("layer_norm")
def contrib_layer_norm(
    inputs,
    center=True,
    scale=True,
    activation_fn=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    begin_norm_axis=1,
    begin_params_axis=-1,
    scope=None,
):
    """`tf.contrib.layers.layer_norm`."""
    with tf1.variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as sc:
        inputs = tf1.convert_to_tensor(inputs)
        dtype, rank = inputs.dtype.base_dtype, len(inputs.shape)

        def parameter(name, initializer):
            keys = _collections_of(variables_collections, name)
            return contrib_model_variable(
                name, inputs.shape[begin_params_axis:], dtype, initializer, trainable=trainable, collections=keys
            )

        beta = parameter("beta", tf1.zeros_initializer()) if center else None
        gamma = parameter("gamma", tf1.ones_initializer()) if scale else None
        mean, variance = tf1.nn.moments(inputs, list(range(begin_norm_axis % rank, rank)), keep_dims=True)
        epsilon = 1e-3 if dtype == tf1.float16 else 1e-12
        outputs = tf1.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        return _finished(outputs, sc, activation_fn, None, None, outputs_collections)
