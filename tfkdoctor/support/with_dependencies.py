# mypy: ignore-errors
"""`control_flow_ops.with_dependencies` of TensorFlow 1, which no public name offers."""

import tensorflow as tf


def with_dependencies(dependencies, output_tensor, name=None):
    """A tensor (or indexed slices) whose value is there only once all dependencies have run."""
    with tf.name_scope(name or "control_dependency"), tf.control_dependencies(d for d in dependencies if d is not None):
        if isinstance(output_tensor, tf.IndexedSlices):
            values = tf.identity(output_tensor.values)
            return tf.IndexedSlices(values, output_tensor.indices, output_tensor.dense_shape)
        return tf.identity(output_tensor)
