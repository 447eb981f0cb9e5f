"""Initializers that draw anew each time they are used, as those of Keras 1 and 2 do.

In Keras 3 an initializer without a seed chooses one when it is made: two layers that share it, or two weights of one
layer, begin with the same numbers.
"""

import random

import tensorflow as tf


def fresh_draws(initializer):  # type: ignore[no-untyped-def]
    """The same initializer, whose second use gives what another one like it would give; one with a seed stays."""
    config = initializer.get_config() if hasattr(initializer, "get_config") else {}
    if "seed" in config and config["seed"] is None and isinstance(initializer.seed, int):
        initializer.seed = _Seeds(initializer.seed)  # type: ignore[no-untyped-call]
    return initializer


class _Seeds(tf.keras.random.SeedGenerator):  # type: ignore[misc]
    """A seed for each use: the initializer's own first."""

    def __init__(self, first):  # type: ignore[no-untyped-def]
        super().__init__(first)
        self.following = first

    def next(self, ordered=True):  # type: ignore[no-untyped-def]
        seed, self.following = self.following, random.randint(1, 10**9)
        return tf.convert_to_tensor([seed, 0], dtype="uint32")
