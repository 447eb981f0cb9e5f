"""Keras 2's step for embeddings: gradients of equal indices are summed before an optimizer sees them.

An Embedding has a gradient for each word of the batch. The optimizers of tf.keras leave the averages of words alone
that are not in the batch, or clip each gradient by itself.
"""

import tensorflow as tf


def dense_gradients(optimizer):  # type: ignore[no-untyped-def]
    """The same optimizer, which sums gradients first; without it, embeddings train a little differently.

    A name such as 'adam' is taken too. A model that is loaded from a file has an optimizer without it.
    """
    optimizer = tf.keras.optimizers.get(optimizer)
    apply = optimizer.apply_gradients

    def apply_dense(grads_and_vars, *args, **kwargs):  # type: ignore[no-untyped-def]
        dense = [(tf.convert_to_tensor(g) if isinstance(g, tf.IndexedSlices) else g, v) for g, v in grads_and_vars]
        return apply(dense, *args, **kwargs)

    optimizer.apply_gradients = apply_dense
    return optimizer
