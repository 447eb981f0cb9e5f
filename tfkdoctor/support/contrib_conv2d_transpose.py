# mypy: ignore-errors
"""`tf.contrib.layers.conv2d_transpose` (slim's too) on graph variables: SAME, relu unless told otherwise, no bias
beside a normalizer. tf.keras.layers.Conv2DTranspose would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _apply_layer, _contrib, _order
from tfkdoctor.support.graph_layer import _ZEROS
from tfkdoctor.support.layers_conv2d_transpose import LayersConv2DTranspose
from tfkdoctor.support.variance_scaling_initializer import _XAVIER


@_contrib("convolution2d_transpose")
def contrib_conv2d_transpose(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format="NHWC",
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
    """`tf.contrib.layers.conv2d_transpose`."""
    return _apply_layer(
        LayersConv2DTranspose,
        "Conv2d_transpose",
        inputs,
        (num_outputs, kernel_size, stride, padding, _order(data_format)),
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
