"""Copies of layers, which `copy.deepcopy` made in Keras 1 and 2.

With Keras 3 it saves the layer and loads it again, which does not find the classes of a program by themselves.
"""

import copy

import tensorflow as tf


def copied(layer):  # type: ignore[no-untyped-def]
    """A layer of the same class, name, configuration and weights; copy.deepcopy of anything else."""
    if not isinstance(layer, tf.keras.layers.Layer):
        return copy.deepcopy(layer)
    made = type(layer).from_config(layer.get_config())
    if layer.built and not made.built:
        made.build_from_config(layer.get_build_config())
    if layer.built:
        made.set_weights(layer.get_weights())
    return made
