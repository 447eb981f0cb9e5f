# mypy: ignore-errors
"""`tf.contrib.layers.avg_pool3d` (slim's too): a stride of 2 and no padding unless told otherwise.
tf.keras.layers.AveragePooling3D would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _contrib, _order
from tfkdoctor.support.contrib_outputs import contrib_collect_named_outputs
from tfkdoctor.support.layers_average_pooling3d import LayersAveragePooling3D


@_contrib("avg_pool3d")
def contrib_avg_pool3d(
    inputs,
    kernel_size,
    stride=2,
    padding="VALID",
    data_format="NDHWC",
    outputs_collections=None,
    scope=None,
):
    """`tf.contrib.layers.avg_pool3d`."""
    with tf1.name_scope(scope, "AvgPool3D", [inputs]) as sc:
        layer = LayersAveragePooling3D(kernel_size, stride, padding, _order(data_format))
        return contrib_collect_named_outputs(outputs_collections, sc, layer.call(tf1.convert_to_tensor(inputs)))
