"""A Python generator as validation data, drawn from on and on: each epoch goes on where the last one ended.

Keras 3 begins every validation with the first two batches again, and leaves out those that it drew ahead (measured on
TF 2.21), so that a pass over the data is no pass any more after the first epoch.
"""

import tensorflow as tf


def endless_batches(batches):  # type: ignore[no-untyped-def]
    """The batches of a generator as a data set without an end; anything else comes back as it is."""
    if isinstance(batches, tf.keras.utils.PyDataset) or not hasattr(batches, "__next__"):
        return batches

    class Batches(tf.keras.utils.PyDataset):  # type: ignore[misc]
        num_batches = None

        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            return next(batches)

    return Batches()
