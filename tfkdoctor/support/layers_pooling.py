# mypy: ignore-errors
"""What the poolings of `tf.layers` share; those of tf.keras.layers would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import GraphLayer, _sizes


class _LayersPooling(GraphLayer):
    rank, kind = 2, "max"

    def __init__(self, pool_size, strides, padding="valid", data_format="channels_last", name=None, **keywords):
        super().__init__(name=name, **keywords)
        self.pool_size = _sizes(pool_size, self.rank)
        self.strides = self.pool_size if strides is None else _sizes(strides, self.rank)
        self.padding, self.data_format = padding.lower(), data_format

    def call(self, inputs):
        first = self.data_format == "channels_first"
        pool_size, strides = self.pool_size, self.strides
        if self.rank == 1:  # as an image of one column
            axis = 3 if first else 2
            inputs, pool_size, strides = tf1.expand_dims(inputs, axis), (*pool_size, 1), (*strides, 1)
        if self.rank == 3:
            pool = tf1.nn.max_pool3d if self.kind == "max" else tf1.nn.avg_pool3d
        else:
            pool = tf1.nn.max_pool if self.kind == "max" else tf1.nn.avg_pool
        if self.rank == 3 and first:
            inputs, first = tf1.transpose(inputs, (0, 2, 3, 4, 1)), False
        outputs = pool(
            inputs,
            ksize=(1, 1, *pool_size) if first else (1, *pool_size, 1),
            strides=(1, 1, *strides) if first else (1, *strides, 1),
            padding=self.padding.upper(),
            data_format=("NCHW" if first else "NHWC") if self.rank < 3 else "NDHWC",
        )
        if self.rank == 3 and self.data_format == "channels_first":
            outputs = tf1.transpose(outputs, (0, 4, 1, 2, 3))
        return tf1.squeeze(outputs, [axis]) if self.rank == 1 else outputs
