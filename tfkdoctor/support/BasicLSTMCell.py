# mypy: ignore-errors
"""`tf.nn.rnn_cell.BasicLSTMCell` on graph variables: gates in the order input, new memory, forget, output, and a bias
that is added to the forget gate in each step. tf.keras.layers.LSTMCell would remove it, its kernel rearranged.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, _activation
from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple
from tfkdoctor.support.rnn_cell import LayerRNNCell


class BasicLSTMCell(LayerRNNCell):
    """`tf.nn.rnn_cell.BasicLSTMCell`: variables `kernel` and `bias`."""

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
        **keywords,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **keywords)
        self._num_units, self._forget_bias = num_units, forget_bias
        self._state_is_tuple, self._activation = state_is_tuple, _activation(activation) or tf1.tanh

    @property
    def state_size(self):
        units = self._num_units
        return LSTMStateTuple(units, units) if self._state_is_tuple else 2 * units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size, units = inputs_shape.as_list()[-1] + self._num_units, self._num_units
        self._kernel = self.add_weight("kernel", [size, 4 * units])
        self._bias = self.add_weight("bias", [4 * units], initializer=_ZEROS)

    def call(self, inputs, state):
        memory, output = state if self._state_is_tuple else tf1.split(state, 2, axis=1)
        gates = tf1.nn.bias_add(tf1.matmul(tf1.concat([inputs, output], 1), self._kernel), self._bias)
        i, new, f, o = tf1.split(gates, 4, axis=1)
        bias = tf1.cast(self._forget_bias, f.dtype)
        memory = memory * tf1.sigmoid(f + bias) + tf1.sigmoid(i) * self._activation(new)
        output = self._activation(memory) * tf1.sigmoid(o)
        both = LSTMStateTuple(memory, output) if self._state_is_tuple else tf1.concat([memory, output], 1)
        return output, both
