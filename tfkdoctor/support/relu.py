"""K.relu with a slope or a limit that is a tensor, such as a weight of the layer.

Keras 2 put `alpha` and `max_value` into its formula whatever they were; tf.keras asks `alpha != 0`, which a tensor
does not answer, and takes numbers alone.
"""

import tensorflow as tf


def relu(x, alpha=0.0, max_value=None):  # type: ignore[no-untyped-def]
    """max(x, 0), at most `max_value`, and `alpha * x` below zero; with numbers it is tf.keras.activations.relu."""
    positive = tf.nn.relu(x)
    if max_value is not None:
        positive = tf.clip_by_value(positive, 0.0, tf.convert_to_tensor(max_value))
    return positive - alpha * tf.nn.relu(-x)
