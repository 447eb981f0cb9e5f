"""Keras 2's step for embeddings: gradients of equal indices are summed before an optimizer sees them.

An Embedding has a gradient for each word of the batch. tf.keras hands them to the optimizer one by one, so that the
averages of Adam, RMSprop and the others see a word that occurs twice as two steps, and clipping measures each alone.
"""

import tensorflow as tf


def dense_gradients(optimizer):  # type: ignore[no-untyped-def]
    """The same optimizer, which sums gradients first; without it, embeddings train a little differently.

    A name such as 'adam' is taken too. A model that is loaded from a file has an optimizer without it.
    """
    optimizer = tf.keras.optimizers.get(optimizer)
    apply = optimizer.apply

    def apply_dense(grads, trainable_variables=None):  # type: ignore[no-untyped-def]
        dense = [tf.convert_to_tensor(g) if isinstance(g, tf.IndexedSlices) else g for g in grads]
        return apply(dense, trainable_variables)

    optimizer.apply = apply_dense
    return optimizer
