"""The size of the batches in which `fit_generator` of Keras 1 and 2 evaluated arrays: that of the last training batch.

It shows where a loss or metric is no mean over samples, such as a dice coefficient; else drop it.
"""

import numpy as np


def last_batch(generator, steps=None):  # type: ignore[no-untyped-def]
    """The size of an epoch's last batch, None (which is 32) where a generator does not tell."""
    if not hasattr(generator, "__len__") or not hasattr(generator, "__getitem__"):
        return None
    count = len(generator)
    index = ((steps or count) - 1) % count
    if hasattr(generator, "n") and hasattr(generator, "batch_size"):
        return int(min(generator.batch_size, generator.n - index * generator.batch_size))
    x = generator[index][0]
    while isinstance(x, list | tuple | dict):
        x = next(iter(x.values())) if isinstance(x, dict) else x[0]
    return int(np.shape(x)[0])
