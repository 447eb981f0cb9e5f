# mypy: ignore-errors
"""`tf.nn.conv2d_transpose` of graphs whose result knows its shape, as it was in TensorFlow 1.

TensorFlow 2's shape inference forgets a batch size that only `output_shape` tells, and code that reads the static
shape (`tf.reshape(x, x.get_shape())`) fails. Where the batch size is known otherwise, `tf.nn.conv2d_transpose` does
the same.
"""

import tensorflow as tf


def conv2d_transpose(*args, **kwargs):
    """`tf.compat.v1.nn.conv2d_transpose`, with every size that `output_shape` states in the shape of the result."""
    result = tf.compat.v1.nn.conv2d_transpose(*args, **kwargs)
    stated = args[2] if len(args) > 2 else kwargs["output_shape"]
    sizes = stated if isinstance(stated, list | tuple) else tf.get_static_value(stated)
    if sizes is not None:
        known = [tf.get_static_value(size) if tf.is_tensor(size) else size for size in sizes]
        result.set_shape([None if size is None or int(size) < 0 else int(size) for size in known])
    return result
