# mypy: ignore-errors
"""`tf.layers.max_pooling1d` in a graph; tf.keras.layers.MaxPooling1D would remove it."""

from tfkdoctor.support.layers_pooling import _LayersPooling


class LayersMaxPooling1D(_LayersPooling):
    """`tf.layers.MaxPooling1D`."""

    rank, kind = 1, "max"


def layers_max_pooling1d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """`tf.layers.max_pooling1d`."""
    return LayersMaxPooling1D(pool_size, strides, padding, data_format, name)(inputs)
