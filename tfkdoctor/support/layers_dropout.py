# mypy: ignore-errors
"""`tf.layers.dropout` in a graph: active only where `training` says so; tf.keras.layers.Dropout would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import GraphLayer
from tfkdoctor.support.smart_cond import smart_cond


class LayersDropout(GraphLayer):
    """`tf.layers.Dropout`."""

    def __init__(self, rate=0.5, noise_shape=None, seed=None, name=None, **keywords):
        super().__init__(name=name, **keywords)
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed

    def call(self, inputs, training=False):
        def dropped():
            shape = self.noise_shape
            if shape is not None:
                sizes = tf1.shape(inputs)
                shape = tf1.stack([sizes[axis] if size is None else size for axis, size in enumerate(shape)])
            return tf1.nn.dropout(inputs, rate=self.rate, noise_shape=shape, seed=self.seed)

        return smart_cond(training, dropped, lambda: tf1.identity(inputs))


def layers_dropout(inputs, rate=0.5, noise_shape=None, seed=None, training=False, name=None):
    """`tf.layers.dropout`."""
    return LayersDropout(rate, noise_shape, seed, name)(inputs, training=training)
