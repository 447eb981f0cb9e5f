# mypy: ignore-errors
"""`tf.layers.max_pooling2d` in a graph; tf.keras.layers.MaxPooling2D would remove it."""

from tfkdoctor.support.layers_pooling import _LayersPooling


class LayersMaxPooling2D(_LayersPooling):
    """`tf.layers.MaxPooling2D`."""

    rank, kind = 2, "max"


def layers_max_pooling2d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """`tf.layers.max_pooling2d`."""
    return LayersMaxPooling2D(pool_size, strides, padding, data_format, name)(inputs)
