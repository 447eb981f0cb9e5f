# mypy: ignore-errors
"""A linear map of one or more tensors on the variables `kernel` and `bias` of the present scope, as the wrappers of
tf.contrib.rnn and tf.contrib.legacy_seq2seq made them.
"""

import tensorflow.compat.v1 as tf1


def linear_of(inputs, size):
    """What the tensors of a list give together; the variables are those of the scope."""
    inputs = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
    together = tf1.concat(inputs, 1) if len(inputs) > 1 else inputs[0]
    dtype, depth = inputs[0].dtype.base_dtype, sum(one.shape.as_list()[1] for one in inputs)
    scope = tf1.get_variable_scope()
    with tf1.variable_scope(scope, auxiliary_name_scope=False) as outer:
        kernel = tf1.get_variable("kernel", [depth, int(size)], dtype)
        with tf1.variable_scope(outer, auxiliary_name_scope=False) as inner:
            inner.set_partitioner(None)
            bias = tf1.get_variable("bias", [int(size)], dtype, tf1.zeros_initializer())
    return tf1.nn.bias_add(tf1.matmul(together, kernel), bias)
