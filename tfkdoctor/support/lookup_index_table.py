# mypy: ignore-errors
"""The tables of tf.contrib.lookup for eager programs, made of `tf.lookup.StaticHashTable` and
`tf.lookup.StaticVocabularyTable`, which take an initializer."""

import tensorflow as tf


def lookup_index_table(mapping, num_oov_buckets=0, default_value=-1, hasher_spec=None, dtype=tf.string, name=None):
    """A table from the words of a list to their places; others hash into buckets, or get a default."""
    if hasher_spec is not None:
        raise ValueError("only the default hash of index_table_from_tensor is kept")
    keys = tf.convert_to_tensor(mapping)
    keys = tf.cast(keys, tf.int64) if keys.dtype.is_integer else keys
    places = tf.range(tf.size(keys, out_type=tf.int64), dtype=tf.int64)
    initializer = tf.lookup.KeyValueTensorInitializer(keys, places)
    if num_oov_buckets:
        return tf.lookup.StaticVocabularyTable(initializer, num_oov_buckets, lookup_key_dtype=tf.as_dtype(dtype))
    return tf.lookup.StaticHashTable(initializer, default_value)


def lookup_string_table(mapping, default_value="UNK", name=None):
    """A table from the places in a list to its words; other numbers get a default."""
    words = tf.convert_to_tensor(mapping, tf.string)
    places = tf.range(tf.size(words, out_type=tf.int64), dtype=tf.int64)
    return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(places, words), default_value)
