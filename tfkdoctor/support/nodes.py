"""The nodes of a layer: what it was called on, and what it gave, the first time, the second time and so on.

tf.keras has `layer.input` and `layer.output` alone, for layers that were called once; keeping what a call returned
in a variable does without these. They read an attribute of layers that tf.keras does not document.
"""

import tensorflow as tf


def get_input_at(layer, node_index):  # type: ignore[no-untyped-def]
    """What the layer was called on the n-th time; a model begins with its own inputs."""
    return _tensors(layer, node_index, "input_tensors")  # type: ignore[no-untyped-call]


def get_output_at(layer, node_index):  # type: ignore[no-untyped-def]
    """What the layer gave when it was called the n-th time; a model begins with its own outputs."""
    return _tensors(layer, node_index, "output_tensors")  # type: ignore[no-untyped-call]


def get_input_shape_at(layer, node_index):  # type: ignore[no-untyped-def]
    """The shape of get_input_at, or a list of shapes."""
    return tf.nest.map_structure(lambda t: tuple(t.shape), get_input_at(layer, node_index))  # type: ignore[no-untyped-call]


def get_output_shape_at(layer, node_index):  # type: ignore[no-untyped-def]
    """The shape of get_output_at, or a list of shapes."""
    return tf.nest.map_structure(lambda t: tuple(t.shape), get_output_at(layer, node_index))  # type: ignore[no-untyped-call]


def _tensors(layer, node_index, kind):  # type: ignore[no-untyped-def]
    if isinstance(layer, tf.keras.layers.InputLayer):
        kind = "output_tensors"
    calls = [getattr(node, kind) for node in layer._inbound_nodes]
    if isinstance(layer, tf.keras.Model):
        calls.insert(0, layer.inputs if kind == "input_tensors" else layer.outputs)
    tensors = tf.nest.flatten(calls[node_index])
    return tensors[0] if len(tensors) == 1 else tensors
