"""Functions of TensorFlow on symbolic tensors, which took them in Keras 1 and 2.

With Keras 3 what Input and layers give are no tensors of TensorFlow: a function is put into a Lambda layer.
"""

import tensorflow as tf


def in_lambda(function, *args, **kwargs):  # type: ignore[no-untyped-def]
    """`function(*args, **kwargs)` as a layer that is called on the symbolic tensors among, or in, its arguments."""
    given = (args, kwargs)
    places = [i for i, part in enumerate(tf.nest.flatten(given)) if isinstance(part, tf.keras.KerasTensor)]
    symbolic = [tf.nest.flatten(given)[i] for i in places]
    if not symbolic:
        return function(*args, **kwargs)

    def run(tensors):  # type: ignore[no-untyped-def]
        parts = tf.nest.flatten(given)
        for place, tensor in zip(places, tensors, strict=True):
            parts[place] = tensor
        values, named = tf.nest.pack_sequence_as(given, parts)
        return function(*values, **named)

    return tf.keras.layers.Lambda(run)(symbolic)
