# mypy: ignore-errors
"""`tf.sparse_to_dense`: values put into a tensor at these places. `tf.sparse.to_dense` takes a SparseTensor."""

import tensorflow as tf


def sparse_to_dense(sparse_indices, output_shape, sparse_values, default_value=0, validate_indices=True, name=None):
    """A tensor of this shape with the values at the indices, and the default everywhere else."""
    values = tf.convert_to_tensor(sparse_values)
    return tf.raw_ops.SparseToDense(
        sparse_indices=sparse_indices,
        output_shape=output_shape,
        sparse_values=values,
        default_value=tf.cast(default_value, values.dtype) if values.dtype != tf.string else default_value,
        validate_indices=validate_indices,
    )
