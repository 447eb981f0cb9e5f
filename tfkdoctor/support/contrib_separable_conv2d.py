# mypy: ignore-errors
"""`tf.contrib.layers.separable_conv2d` (slim's too) on graph variables; without `num_outputs` the depthwise half alone.
tf.keras.layers.SeparableConv2D and DepthwiseConv2D would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import (
    _apply_layer,
    _as_model_variable,
    _collections_of,
    _contrib,
    _finished,
    _order,
)
from tfkdoctor.support.contrib_variable import contrib_model_variable
from tfkdoctor.support.graph_layer import _ZEROS, _sizes
from tfkdoctor.support.layers_separable_conv2d import LayersSeparableConv2D
from tfkdoctor.support.variance_scaling_initializer import _XAVIER


@_contrib("separable_convolution2d")
def contrib_separable_conv2d(
    inputs,
    num_outputs,
    kernel_size,
    depth_multiplier=1,
    stride=1,
    padding="SAME",
    data_format="NHWC",
    rate=1,
    activation_fn=tf1.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=_XAVIER,
    pointwise_initializer=None,
    weights_regularizer=None,
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """`tf.contrib.layers.separable_conv2d`."""
    if num_outputs is not None:
        return _apply_layer(
            LayersSeparableConv2D,
            "SeparableConv2d",
            inputs,
            (num_outputs, kernel_size, stride, padding, _order(data_format), _sizes(rate, 2), depth_multiplier),
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
            weights=("depthwise", "pointwise"),
            pointwise_initializer=pointwise_initializer or weights_initializer,
        )
    with tf1.variable_scope(scope, "SeparableConv2d", [inputs], reuse=reuse, custom_getter=_as_model_variable) as sc:
        inputs = tf1.convert_to_tensor(inputs)
        first = data_format.startswith("NC")
        channels = inputs.shape.as_list()[1 if first else -1]
        weights = contrib_model_variable(
            "depthwise_weights",
            [*_sizes(kernel_size, 2), channels, depth_multiplier],
            inputs.dtype.base_dtype,
            weights_initializer,
            weights_regularizer,
            trainable,
            _collections_of(variables_collections, "weights"),
        )
        strides = _sizes(stride, 2)
        outputs = tf1.nn.depthwise_conv2d(
            inputs,
            weights,
            (1, 1, *strides) if first else (1, *strides, 1),
            padding,
            rate=_sizes(rate, 2),
            data_format=data_format,
        )
        if normalizer_fn is None and biases_initializer is not None:
            biases = contrib_model_variable(
                "biases",
                [depth_multiplier * channels],
                inputs.dtype.base_dtype,
                biases_initializer,
                biases_regularizer,
                trainable,
                _collections_of(variables_collections, "biases"),
            )
            outputs = tf1.nn.bias_add(outputs, biases, data_format=data_format)
        return _finished(outputs, sc, activation_fn, normalizer_fn, normalizer_params, outputs_collections)
