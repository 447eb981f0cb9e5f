# mypy: ignore-errors
"""`tf.contrib.layers.max_pool2d` (slim's too): a stride of 2 and no padding unless told otherwise.
tf.keras.layers.MaxPooling2D would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _contrib, _order
from tfkdoctor.support.contrib_outputs import contrib_collect_named_outputs
from tfkdoctor.support.layers_max_pooling2d import LayersMaxPooling2D


@_contrib("max_pool2d")
def contrib_max_pool2d(
    inputs,
    kernel_size,
    stride=2,
    padding="VALID",
    data_format="NHWC",
    outputs_collections=None,
    scope=None,
):
    """`tf.contrib.layers.max_pool2d`."""
    with tf1.name_scope(scope, "MaxPool2D", [inputs]) as sc:
        layer = LayersMaxPooling2D(kernel_size, stride, padding, _order(data_format))
        return contrib_collect_named_outputs(outputs_collections, sc, layer.call(tf1.convert_to_tensor(inputs)))
