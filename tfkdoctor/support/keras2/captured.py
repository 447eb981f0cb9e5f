"""Symbolic tensors in losses: what Keras 1 and 2 computed beside a model's outputs, in the same run.

A loss of an autoencoder looks at the means and variances of its code, which are tensors of the model. Where TensorFlow
runs eagerly a loss cannot see them; `model.add_loss` can.
"""

import functools

import tensorflow as tf


def with_tensors(model, function, tensors):  # type: ignore[no-untyped-def]
    """The loss or metric (y_true, y_pred) of a function that takes the values of these tensors as well.

    Their values come from the same run of the model as y_pred, so that random layers agree.
    """
    beside = _beside(model)  # type: ignore[no-untyped-call]
    places = [beside.add(tensor) for tensor in tensors]

    @functools.wraps(function)
    def call(y_true, y_pred):  # type: ignore[no-untyped-def]
        y_true = tf.cast(y_true, y_pred.dtype)
        return function(y_true, y_pred, *(beside.values[place] for place in places))

    return call


def _beside(model):  # type: ignore[no-untyped-def]
    beside = getattr(model.call, "__self__", None)
    return beside if isinstance(beside, _Beside) else _Beside(model)  # type: ignore[no-untyped-call]


class _Beside:
    """What a model computes beside its outputs, each time that it runs."""

    def __init__(self, model):  # type: ignore[no-untyped-def]
        self.model, self.tensors, self.values = model, [], []
        model.call = self.call

    def add(self, tensor):  # type: ignore[no-untyped-def]
        sequential = isinstance(self.model, tf.keras.Sequential)
        ends = (self.model.inputs[0], self.model.outputs[0]) if sequential else (self.model.input, self.model.output)
        self.tensors.append(tensor)
        self.symbolic = [i for i, one in enumerate(self.tensors) if isinstance(one, tf.keras.__internal__.KerasTensor)]
        self.whole = tf.keras.Model(ends[0], [ends[1], [self.tensors[i] for i in self.symbolic]])
        return len(self.tensors) - 1

    def call(self, inputs, training=None, mask=None):  # type: ignore[no-untyped-def]
        outputs, found = self.whole(inputs, training=training, mask=mask)
        self.values = self.tensors[:]
        for place, value in zip(self.symbolic, found, strict=True):
            self.values[place] = value
        return outputs
