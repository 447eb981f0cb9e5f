"""Symbolic tensors in losses: what Keras 1 and 2 computed beside a model's outputs, in the same run.

A loss of an autoencoder looks at the means and variances of its code, which are tensors of the model. tf.keras with
Keras 3 lets neither losses nor `model.add_loss` see them; there a layer of one's own calls `self.add_loss` in `call`.
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
        return function(y_true, y_pred, *(beside.values[place] for place in places))

    return call


def add_loss(model, losses):  # type: ignore[no-untyped-def]
    """Let a model of layers train on symbolic losses too; `self.add_loss` in the `call` of a layer without it."""
    beside = _beside(model)  # type: ignore[no-untyped-call]
    for loss in losses if isinstance(losses, list | tuple) else [losses]:
        beside.losses.append(beside.add(loss))


def _beside(model):  # type: ignore[no-untyped-def]
    beside = getattr(model.call, "__self__", None)
    return beside if isinstance(beside, _Beside) else _Beside(model)  # type: ignore[no-untyped-call]


class _Beside:
    """What a model computes beside its outputs, each time that it runs."""

    def __init__(self, model):  # type: ignore[no-untyped-def]
        self.model, self.tensors, self.values, self.losses = model, [], [], []
        model.call = self.call

    def add(self, tensor):  # type: ignore[no-untyped-def]
        sequential = isinstance(self.model, tf.keras.Sequential)
        ends = (self.model.inputs[0], self.model.outputs[0]) if sequential else (self.model.input, self.model.output)
        self.tensors.append(tensor)
        self.symbolic = [i for i, one in enumerate(self.tensors) if isinstance(one, tf.keras.KerasTensor)]
        self.whole = tf.keras.Model(ends[0], [ends[1], [self.tensors[i] for i in self.symbolic]])
        return len(self.tensors) - 1

    def call(self, inputs, training=None, mask=None):  # type: ignore[no-untyped-def]
        outputs, found = self.whole(inputs, training=training, mask=mask)
        self.values = self.tensors[:]
        for place, value in zip(self.symbolic, found, strict=True):
            self.values[place] = value
        for place in self.losses:
            tf.keras.layers.Layer.add_loss(self.model, self.values[place])
        return outputs
