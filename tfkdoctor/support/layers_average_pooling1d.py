# mypy: ignore-errors
"""`tf.layers.average_pooling1d` in a graph; tf.keras.layers.AveragePooling1D would remove it."""

from tfkdoctor.support.layers_pooling import _LayersPooling


class LayersAveragePooling1D(_LayersPooling):
    """`tf.layers.AveragePooling1D`."""

    rank, kind = 1, "average"


def layers_average_pooling1d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """`tf.layers.average_pooling1d`."""
    return LayersAveragePooling1D(pool_size, strides, padding, data_format, name)(inputs)
