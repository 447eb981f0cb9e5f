"""A weight of a custom layer that begins with a given value: a K.variable in Keras 1's `self.trainable_weights`.

Keras 3 trains and saves only what `add_weight` made.
"""

import numpy as np
import tensorflow as tf


def layer_weight(layer, value, dtype=None, name=None, trainable=True):  # type: ignore[no-untyped-def]
    """A weight of `layer` with the shape and the values of `value`; float32 unless `dtype` says otherwise."""
    value = np.asarray(value, dtype or tf.keras.backend.floatx())
    return layer.add_weight(
        shape=value.shape,
        initializer=lambda shape, dtype=None: tf.convert_to_tensor(value),
        dtype=dtype,
        name=name,
        trainable=trainable,
    )
