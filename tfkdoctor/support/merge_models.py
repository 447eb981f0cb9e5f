"""Keras 1's Sequential that begins with `Merge([left, right], mode=…)`: a model with the inputs of all its branches.

tf.keras has no Sequential with several inputs; such a model is written with `tf.keras.Model(inputs, outputs)`.
"""

import tensorflow as tf


def merge_models(branches, merging):  # type: ignore[no-untyped-def]
    """A model that merges what its branches give; `merging` is a layer, or a function of the list of their outputs.

    A branch's weights come before those of the next. An input that several branches share is one input.
    """
    inputs = [tensor for branch in branches for tensor in branch.inputs]
    outputs = [branch(branch.inputs[0] if len(branch.inputs) == 1 else branch.inputs) for branch in branches]
    return tf.keras.Model(list({id(tensor): tensor for tensor in inputs}.values()), merging(outputs))
