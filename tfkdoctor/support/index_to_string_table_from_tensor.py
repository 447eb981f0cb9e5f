# mypy: ignore-errors
"""`tf.contrib.lookup.index_to_string_table_from_tensor`: the word at each place of a list."""

import tensorflow as tf


def index_to_string_table_from_tensor(mapping, default_value="UNK", name=None):
    """A table from places in a list to the words there."""
    values = tf.convert_to_tensor(mapping, tf.string)
    keys = tf.range(tf.size(values, out_type=tf.int64), dtype=tf.int64)
    initializer = tf.lookup.KeyValueTensorInitializer(keys, values, tf.int64, tf.string)
    return tf.compat.v1.lookup.StaticHashTable(initializer, default_value, name=name)
