# mypy: ignore-errors
"""`tf.string_split`: each character of the delimiter parts, and the outcome is sparse; tf.strings.split takes it
whole."""

import tensorflow as tf


def string_split(source, sep=None, skip_empty=True, delimiter=None, result_type="SparseTensor", name=None):
    """The parts of each text, as a SparseTensor of two dimensions, or as a RaggedTensor."""
    delimiter = " " if delimiter is None and sep is None else delimiter if sep is None else sep
    texts = tf.convert_to_tensor(source, dtype=tf.string)
    parts = tf.raw_ops.StringSplit(input=texts, delimiter=delimiter, skip_empty=skip_empty)
    found = tf.SparseTensor(parts.indices, parts.values, parts.shape)
    return tf.RaggedTensor.from_sparse(found) if result_type == "RaggedTensor" else found
