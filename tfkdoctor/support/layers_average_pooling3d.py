# mypy: ignore-errors
"""`tf.layers.average_pooling3d` in a graph; tf.keras.layers.AveragePooling3D would remove it."""

from tfkdoctor.support.layers_pooling import _LayersPooling


class LayersAveragePooling3D(_LayersPooling):
    """`tf.layers.AveragePooling3D`."""

    rank, kind = 3, "average"


def layers_average_pooling3d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """`tf.layers.average_pooling3d`."""
    return LayersAveragePooling3D(pool_size, strides, padding, data_format, name)(inputs)
