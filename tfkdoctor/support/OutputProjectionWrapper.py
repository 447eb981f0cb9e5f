# mypy: ignore-errors
"""`InputProjectionWrapper` and `OutputProjectionWrapper` of tf.contrib.rnn: a linear layer before or after a cell."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import RNNCell, _CellWrapper


class _Projection(_CellWrapper):
    def __init__(self, cell, size, activation, reuse):
        super().__init__(cell, _reuse=reuse)
        self._size, self._activation = size, activation

    def __call__(self, inputs, state, scope=None):
        return RNNCell.__call__(self, inputs, state, scope)  # in a scope of its own, which other wrappers do not have

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
        return self.cell(self._project(inputs), state)


class OutputProjectionWrapper(_Projection):
    """`tf.contrib.rnn.OutputProjectionWrapper`."""

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(cell, output_size, activation, reuse)

    @property
    def output_size(self):
        return self._size

    def call(self, inputs, state):
        output, new_state = self.cell(inputs, state)
        return self._project(output), new_state
