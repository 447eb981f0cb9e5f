"""Keras 1's `merge` with every mode, for those that no layer of today stands for: 'cos', and a mode that varies.

Its 'cos' gives each sample one more axis, and divides products of 3D inputs by the root of both whole products, where
`dot(normalize=True)` takes norms. Drop it where the mode is known: add, multiply, concatenate, dot, average, maximum.
"""

import tensorflow as tf


def keras1_merge(  # type: ignore[no-untyped-def]
    inputs, mode="sum", concat_axis=-1, dot_axes=-1, output_shape=None, output_mask=None, arguments=None, name=None
):
    """The merged tensor of a list of Keras tensors, as keras 1.2.2 computes it."""
    layers = tf.keras.layers
    if callable(mode):
        merging = layers.Lambda(mode, output_shape, output_mask, arguments, name=name)
    elif mode == "concat":
        merging = layers.Concatenate(axis=concat_axis, name=name)
    elif mode == "dot":
        merging = layers.Dot(axes=dot_axes, name=name)
    elif mode == "cos":
        product = layers.Dot(axes=dot_axes)

        def cosine(pair):  # type: ignore[no-untyped-def]
            one, other = pair
            size = tf.sqrt(product.call([one, one]) * product.call([other, other]))
            return tf.expand_dims(product.call([one, other]) / tf.maximum(size, tf.keras.backend.epsilon()), 1)

        def shape(shapes):  # type: ignore[no-untyped-def]
            samples, *rest = product.compute_output_shape(shapes)
            return (samples, 1, *rest)

        merging = layers.Lambda(cosine, output_shape=shape, name=name)
    else:
        merging = {"sum": layers.Add, "mul": layers.Multiply, "ave": layers.Average, "max": layers.Maximum}[mode](
            name=name
        )
    return merging(inputs)
