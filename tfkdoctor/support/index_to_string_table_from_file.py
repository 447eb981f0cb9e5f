# mypy: ignore-errors
"""`tf.contrib.lookup.index_to_string_table_from_file`: the word on each line of a vocabulary file."""

import tensorflow as tf


def index_to_string_table_from_file(
    vocabulary_file,
    vocab_size=None,
    default_value="UNK",
    name=None,
    key_column_index=tf.lookup.TextFileIndex.LINE_NUMBER,
    value_column_index=tf.lookup.TextFileIndex.WHOLE_LINE,
    delimiter="\t",
):
    """A table from lines to their words."""
    initializer = tf.lookup.TextFileInitializer(
        vocabulary_file,
        tf.int64,
        key_column_index,
        tf.string,
        value_column_index,
        vocab_size=vocab_size,
        delimiter=delimiter,
    )
    return tf.compat.v1.lookup.StaticHashTable(initializer, default_value, name=name)
