# mypy: ignore-errors
"""The tables of the private module `tensorflow.python.ops.lookup_ops`, which called the words `vocabulary_list`."""

import tensorflow as tf

from tfkdoctor.support.index_table_from_tensor import index_table_from_tensor
from tfkdoctor.support.index_to_string_table_from_tensor import index_to_string_table_from_tensor


def index_table_from_list(
    vocabulary_list, num_oov_buckets=0, default_value=-1, hasher_spec=None, dtype=tf.string, name=None
):
    """A table from the words of a list to their places; others hash into buckets, or get a default."""
    return index_table_from_tensor(vocabulary_list, num_oov_buckets, default_value, hasher_spec, dtype, name)


def index_to_string_table_from_list(vocabulary_list, default_value="UNK", name=None):
    """A table from places in a list to the words there."""
    return index_to_string_table_from_tensor(vocabulary_list, default_value, name)
