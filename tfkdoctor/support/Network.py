# mypy: ignore-errors
"""`tf.contrib.eager.Network`: a model of layers that are tracked one by one.

`tf.keras.Model` tracks what is assigned to its attributes by itself: inherit from it, and drop `track_layer`.
"""

import tensorflow as tf


class Network(tf.keras.Model):
    """A model whose layers are given to `track_layer`; its variables are theirs, in that order."""

    def __init__(self, name=None):
        super().__init__(name=name)
        self._tracked_layers = []

    def track_layer(self, layer):
        self._tracked_layers.append(layer)
        return layer

    def get_layer(self, name=None, index=None):
        if index is None and not name:
            raise ValueError("Provide either a layer name or layer index.")
        if index is not None:
            if name is not None:
                raise ValueError("Exactly one of 'index' or 'name' must be provided")
            return self._tracked_layers[index]
        return super().get_layer(name=name)
