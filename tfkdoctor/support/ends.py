"""`model.input` and `model.output` of Keras 1 and 2: one tensor where a model has one, a list where it has more.

With Keras 3 they fail for a Sequential that was not called, and are lists of one where a model was made with such.
"""

import tensorflow as tf


def input_of(model):  # type: ignore[no-untyped-def]
    """The input of a model or layer; `model.inputs[0]` where it has one, and the output of an InputLayer."""
    if isinstance(model, tf.keras.layers.InputLayer):
        return model.output
    return _one(model, "inputs", "input")  # type: ignore[no-untyped-call]


def output_of(model):  # type: ignore[no-untyped-def]
    """The output of a model or layer; `model.outputs[0]` where it has one."""
    return _one(model, "outputs", "output")  # type: ignore[no-untyped-call]


def _one(model, several, single):  # type: ignore[no-untyped-def]
    tensors = getattr(model, several) if isinstance(model, tf.keras.Model) else getattr(model, single)
    return tensors[0] if isinstance(tensors, list | tuple) and len(tensors) == 1 else tensors
