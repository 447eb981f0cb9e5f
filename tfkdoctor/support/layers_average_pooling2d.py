# mypy: ignore-errors
"""`tf.layers.average_pooling2d` in a graph; tf.keras.layers.AveragePooling2D would remove it."""

from tfkdoctor.support.layers_pooling import _LayersPooling


class LayersAveragePooling2D(_LayersPooling):
    """`tf.layers.AveragePooling2D`."""

    rank, kind = 2, "average"


def layers_average_pooling2d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """`tf.layers.average_pooling2d`."""
    return LayersAveragePooling2D(pool_size, strides, padding, data_format, name)(inputs)
