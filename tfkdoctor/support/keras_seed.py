"""Runs that numpy's seed made reproducible stay so: Keras 1 and 2 drew initial weights and shuffled with numpy.

Keras 3 takes the seeds of layers from Python's `random` and shuffles with TensorFlow. The numbers themselves are not
those of old; `tf.keras.utils.set_random_seed(seed)` does the same and seeds numpy too.
"""

import random

import tensorflow as tf


def keras_seed(seed):  # type: ignore[no-untyped-def]
    """The seed as it is, once Python's `random` and TensorFlow have it too: np.random.seed(keras_seed(7))."""
    if seed is not None:
        random.seed(str(seed))
        tf.random.set_seed(seed if isinstance(seed, int) else random.randrange(2**31))
    return seed
