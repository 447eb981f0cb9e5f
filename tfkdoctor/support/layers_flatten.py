# mypy: ignore-errors
"""`tf.layers.flatten` in a graph; tf.keras.layers.Flatten would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import GraphLayer


class LayersFlatten(GraphLayer):
    """`tf.layers.Flatten`: all but the first dimension become one."""

    def __init__(self, data_format="channels_last", **keywords):
        super().__init__(**keywords)
        self.data_format = data_format

    def call(self, inputs):
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 1:
            inputs = tf1.transpose(inputs, [0, *range(2, rank), 1])
        batch, *others = inputs.shape.as_list()
        outputs = tf1.reshape(inputs, (batch or tf1.shape(inputs)[0], -1))
        size = 1
        for each in others:
            size = size * each if size and each else None
        outputs.set_shape([batch, size])
        return outputs


def layers_flatten(inputs, name=None, data_format="channels_last"):
    """`tf.layers.flatten`."""
    return LayersFlatten(data_format=data_format, name=name)(inputs)
