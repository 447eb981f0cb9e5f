# mypy: ignore-errors
"""`tf.contrib.lookup.HashTable`: its initialization is called `init` as well as `initializer`."""

import tensorflow as tf


class lookup_table(tf.compat.v1.lookup.StaticHashTable):
    """A table that is filled once; the same as `tf.lookup.StaticHashTable`, under its names of TensorFlow 1."""

    def __init__(self, initializer, default_value, shared_name=None, name=None):
        super().__init__(initializer, default_value, name=name)

    @property
    def init(self):
        return self.initializer
