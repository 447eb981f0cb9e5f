# mypy: ignore-errors
"""`tf.python_io.tf_record_iterator`: `tf.data.TFRecordDataset` reads the same records as tensors."""

import tensorflow as tf


def tf_record_iterator(path, options=None):
    """The records of a file, as bytes."""
    kind = tf.io.TFRecordOptions.get_compression_type_string(options)
    for record in tf.data.TFRecordDataset(path, compression_type=kind):
        yield record.numpy()
