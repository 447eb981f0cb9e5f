# mypy: ignore-errors
"""`tf.python_io.tf_record_iterator`: `tf.data.TFRecordDataset` reads the same records as tensors."""

import tensorflow as tf


def tf_record_iterator(path, options=None):
    """The records of a file, as bytes."""
    kind = getattr(options, "compression_type", options) or ""
    for record in tf.data.TFRecordDataset(path, compression_type=str(kind)):
        yield record.numpy()
