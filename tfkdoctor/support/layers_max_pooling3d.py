# mypy: ignore-errors
"""`tf.layers.max_pooling3d` in a graph; tf.keras.layers.MaxPooling3D would remove it."""

from tfkdoctor.support.layers_pooling import _LayersPooling


class LayersMaxPooling3D(_LayersPooling):
    """`tf.layers.MaxPooling3D`."""

    rank, kind = 3, "max"


def layers_max_pooling3d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """`tf.layers.max_pooling3d`."""
    return LayersMaxPooling3D(pool_size, strides, padding, data_format, name)(inputs)
