"""Automatic names of layers as standalone Keras counted them: the first is dense_1.

tf.keras begins with 'dense', and calls the second 'dense_1': what goes by these names takes the wrong layer.
"""

import tensorflow as tf


def number_names_from_one():  # type: ignore[no-untyped-def]
    """Count from one, from now on; where `get_layer` and files of weights go by other names it is not needed."""
    set_name = tf.keras.layers.Layer._init_set_name
    if set_name.__name__ != "_from_one":

        def _from_one(self, name, zero_based=False):  # type: ignore[no-untyped-def]
            set_name(self, name, zero_based=False)

        tf.keras.layers.Layer._init_set_name = _from_one
