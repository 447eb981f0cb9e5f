# mypy: ignore-errors
"""`unit_norm` and `maxout` of tf.contrib.layers (slim's too)."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _contrib


@_contrib("unit_norm")
def contrib_unit_norm(inputs, dim, epsilon=1e-7, scope=None):
    """`tf.contrib.layers.unit_norm`; tf.math.l2_normalize would remove it."""
    with tf1.variable_scope(scope, "UnitNorm", [inputs]):
        return inputs / tf1.sqrt(epsilon + tf1.reduce_sum(tf1.square(inputs), dim, keepdims=True))


@_contrib("maxout")
def contrib_maxout(inputs, num_units, axis=-1, scope=None):
    """`tf.contrib.layers.maxout`: the greatest of each group of features."""
    with tf1.variable_scope(scope, "MaxOut", [inputs]):
        inputs = tf1.convert_to_tensor(inputs)
        sizes = inputs.shape.as_list()
        features, sizes[axis] = sizes[axis], num_units
        if features % num_units:
            raise ValueError(f"number of features({features}) is not a multiple of num_units({num_units})")
        there = tf1.shape(inputs)
        sizes = [there[place] if size is None else size for place, size in enumerate(sizes)]
        return tf1.reduce_max(tf1.reshape(inputs, [*sizes, features // num_units]), -1)
