# mypy: ignore-errors
"""`tf.contrib.lookup.index_table_from_file`: the line of each word in a vocabulary file."""

import tensorflow as tf


def index_table_from_file(
    vocabulary_file=None,
    num_oov_buckets=0,
    vocab_size=None,
    default_value=-1,
    hasher_spec=None,
    key_dtype=tf.string,
    name=None,
    key_column_index=tf.lookup.TextFileIndex.WHOLE_LINE,
    value_column_index=tf.lookup.TextFileIndex.LINE_NUMBER,
    delimiter="\t",
):
    """A table from words to their lines; words that are not there hash into buckets, or get a default."""
    if hasher_spec is not None:
        raise ValueError("only the default hash of index_table_from_file is kept")
    whole = tf.as_dtype(key_dtype).is_integer
    initializer = tf.lookup.TextFileInitializer(
        vocabulary_file,
        tf.int64 if whole else tf.as_dtype(key_dtype),
        key_column_index,
        tf.int64,
        value_column_index,
        vocab_size=vocab_size,
        delimiter=delimiter,
    )
    if num_oov_buckets:
        return tf.compat.v1.lookup.StaticVocabularyTable(
            initializer, num_oov_buckets, lookup_key_dtype=tf.as_dtype(key_dtype), name=name
        )
    return tf.compat.v1.lookup.StaticHashTable(initializer, default_value, name=name)
