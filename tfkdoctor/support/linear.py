# mypy: ignore-errors
"""What the cells and decoders of tf.contrib.rnn and legacy_seq2seq multiplied with: several inputs side by side."""

import tensorflow.compat.v1 as tf1


class _Linear:
    """A linear layer whose `kernel` and `bias` belong to the variable scope in which it is made."""

    def __init__(self, values, size):
        dtype = values[0].dtype.base_dtype
        width = sum(value.shape.as_list()[1] for value in values)
        with tf1.variable_scope(tf1.get_variable_scope()) as scope:
            self._kernel = tf1.get_variable("kernel", [width, size], dtype)
            with tf1.variable_scope(scope) as inner:
                inner.set_partitioner(None)
                self._bias = tf1.get_variable("bias", [size], dtype, tf1.zeros_initializer())

    def __call__(self, values):
        together = values[0] if len(values) == 1 else tf1.concat(values, 1)
        return tf1.nn.bias_add(tf1.matmul(together, self._kernel), self._bias)
