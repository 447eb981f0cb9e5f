"""Automatic names of layers that begin with dense_1, conv2d_1, as those of standalone Keras did.

tf.keras calls the first layer `dense` and the second `dense_1`: get_layer('dense_1') finds the wrong one, and weight
files whose layers are found by name load into the wrong ones.
"""

import re

import tensorflow as tf


def number_names_from_one():  # type: ignore[no-untyped-def]
    """To call before the first layer is made and after each clear_session; layers with a name do without.

    An input without a name remains `input_layer_1` (once `input_1`), a model `functional_1` (once `model_1`).
    """
    for name in dir(tf.keras.layers):
        if isinstance(getattr(tf.keras.layers, name), type):
            words = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()
            tf.keras.backend.get_uid(words)
    for words in ("functional", "sequential"):
        tf.keras.backend.get_uid(words)
