"""The argument `weights=` that every layer had in Keras 1 and 2: what a layer begins with.

tf.keras has it for Embedding alone.
"""

import functools

import tensorflow as tf


def with_weights(layer, weights):  # type: ignore[no-untyped-def]
    """The same layer, which takes these arrays as its weights once it is built; `set_weights` after that does the same.

    For a Bidirectional layer half as many arrays are those of the layer in it, which runs forward.
    """
    if layer.built:
        _set_weights(layer, weights)  # type: ignore[no-untyped-call]
        return layer
    build, get_config = layer.build, layer.get_config

    @functools.wraps(build)
    def build_and_set(*args, **kwargs):  # type: ignore[no-untyped-def]
        build(*args, **kwargs)
        _set_weights(layer, weights)  # type: ignore[no-untyped-call]

    @functools.wraps(get_config)
    def get_config_once_built():  # type: ignore[no-untyped-def]
        if not layer.built:
            raise ValueError(f"a copy of {layer.name} would lose its weights: with_weights(Bidirectional(…), weights)")
        return get_config()

    layer.build, layer.get_config = build_and_set, get_config_once_built
    return layer


def _set_weights(layer, weights):  # type: ignore[no-untyped-def]
    if isinstance(layer, tf.keras.layers.Bidirectional) and 2 * len(weights) == len(layer.weights):
        layer = layer.forward_layer
    layer.set_weights(weights)
