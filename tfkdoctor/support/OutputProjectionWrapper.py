# mypy: ignore-errors
"""`InputProjectionWrapper` and `OutputProjectionWrapper` of tf.contrib.rnn: a linear layer before or after a cell."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import RNNCell


class _Projection(RNNCell):
    def __init__(self, cell, size, activation, reuse):
        super().__init__(_reuse=reuse)
        self._cell, self._size, self._activation = cell, size, activation

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def zero_state(self, batch_size, dtype):
        with tf1.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)

    def _project(self, value):
        dtype = value.dtype.base_dtype
        if not hasattr(self, "_weights"):
            self._weights = tf1.get_variable("kernel", [value.shape.as_list()[-1], self._size], dtype)
            self._biases = tf1.get_variable("bias", [self._size], dtype, tf1.zeros_initializer())
        projected = tf1.nn.bias_add(tf1.matmul(value, self._weights), self._biases)
        return self._activation(projected) if self._activation else projected


class InputProjectionWrapper(_Projection):
    """`tf.contrib.rnn.InputProjectionWrapper`."""

    def __init__(self, cell, num_proj, activation=None, input_size=None, reuse=None):
        super().__init__(cell, num_proj, activation, reuse)

    def call(self, inputs, state):
        return self._cell(self._project(inputs), state)


class OutputProjectionWrapper(_Projection):
    """`tf.contrib.rnn.OutputProjectionWrapper`."""

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(cell, output_size, activation, reuse)

    @property
    def output_size(self):
        return self._size

    def call(self, inputs, state):
        output, new_state = self._cell(inputs, state)
        return self._project(output), new_state
