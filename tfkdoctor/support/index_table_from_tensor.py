# mypy: ignore-errors
"""`tf.contrib.lookup.index_table_from_tensor`: the place of each word in a list.

TensorFlow has the tables themselves, `tf.lookup.StaticHashTable` and `tf.lookup.StaticVocabularyTable`.
"""

import tensorflow as tf


def index_table_from_tensor(mapping, num_oov_buckets=0, default_value=-1, hasher_spec=None, dtype=tf.string, name=None):
    """A table from the words of a list to their places; others hash into buckets, or get a default."""
    if hasher_spec is not None:
        raise ValueError("only the default hash of index_table_from_tensor is kept")
    keys = tf.convert_to_tensor(mapping)
    keys = tf.cast(keys, tf.int64) if keys.dtype.is_integer else keys
    values = tf.range(tf.size(keys, out_type=tf.int64), dtype=tf.int64)
    initializer = tf.lookup.KeyValueTensorInitializer(keys, values, keys.dtype, tf.int64)
    if num_oov_buckets:
        return tf.compat.v1.lookup.StaticVocabularyTable(
            initializer, num_oov_buckets, lookup_key_dtype=tf.as_dtype(dtype), name=name
        )
    return tf.compat.v1.lookup.StaticHashTable(initializer, default_value, name=name)
