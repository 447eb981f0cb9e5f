"""Seeds for Keras from NumPy's random numbers, as Keras 1 and 2 took them.

Keras 3 draws one from Python's `random` for each random initializer and dropout, so that a program which draws from
`random` itself sees other numbers; and NumPy's own sequence, from which Keras 2 drew them, goes on without these.
"""

import sys

import numpy as np
import tensorflow as tf


def seeds_from_numpy():  # type: ignore[no-untyped-def]
    """Call it before any layer is made; without it `random` and `numpy.random` give other numbers once layers are made.

    Weights and dropout are random all the same: they are not those that Keras 2 drew.
    """
    if getattr(tf.keras.initializers.VarianceScaling.__call__, "of_numpy", False):
        return  # numpy_draws does more
    generators = sys.modules[tf.keras.random.SeedGenerator.__module__]
    generators.python_random = _NumpySeeds()  # type: ignore[attr-defined]


class _NumpySeeds:
    def randint(self, a, b):  # type: ignore[no-untyped-def]
        return int(np.random.randint(10e6)) + 1
