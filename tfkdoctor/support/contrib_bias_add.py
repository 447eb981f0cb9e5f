# mypy: ignore-errors
"""`tf.contrib.layers.bias_add` (slim's too) on a graph variable."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _collections_of, _contrib, _finished
from tfkdoctor.support.contrib_variable import contrib_model_variable
from tfkdoctor.support.graph_layer import _ZEROS


@_contrib("bias_add")
def contrib_bias_add(
    inputs,
    activation_fn=None,
    initializer=_ZEROS,
    regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    data_format="NHWC",
    scope=None,
):
    """`tf.contrib.layers.bias_add`."""
    with tf1.variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as sc:
        inputs = tf1.convert_to_tensor(inputs)
        biases = contrib_model_variable(
            "biases",
            [inputs.shape.as_list()[1 if data_format == "NCHW" else -1]],
            inputs.dtype.base_dtype,
            initializer,
            regularizer,
            trainable,
            _collections_of(variables_collections, "biases"),
        )
        outputs = tf1.nn.bias_add(inputs, biases, data_format=data_format)
        return _finished(outputs, sc, activation_fn, None, None, outputs_collections)
