# mypy: ignore-errors
"""`tf.contrib.rnn.GRUBlockCell`, a GRU that was one operation; tf.keras.layers.GRUCell would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ONES, _ZEROS
from tfkdoctor.support.rnn_cell import LayerRNNCell


class GRUBlockCell(LayerRNNCell):
    """`tf.contrib.rnn.GRUBlockCell`: variables `w_ru`, `b_ru`, `w_c` and `b_c`."""

    names = "w_ru", "b_ru", "w_c", "b_c"

    def __init__(self, num_units=None, cell_size=None, reuse=None, name="gru_cell"):
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        self._num_units = cell_size if num_units is None else num_units

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        rows, units = inputs_shape.as_list()[1] + self._num_units, self._num_units
        gates, gates_bias, new, new_bias = self.names
        self._gates = self.add_weight(gates, [rows, 2 * units])
        self._gates_bias = self.add_weight(gates_bias, [2 * units], initializer=_ONES)
        self._new = self.add_weight(new, [rows, units])
        self._new_bias = self.add_weight(new_bias, [units], initializer=_ZEROS)

    def call(self, inputs, state):
        gates = tf1.nn.bias_add(tf1.matmul(tf1.concat([inputs, state], 1), self._gates), self._gates_bias)
        r, u = tf1.split(tf1.sigmoid(gates), 2, axis=1)
        new = tf1.nn.bias_add(tf1.matmul(tf1.concat([inputs, r * state], 1), self._new), self._new_bias)
        state = u * state + (1 - u) * tf1.tanh(new)
        return state, state


class GRUBlockCellV2(GRUBlockCell):
    """`tf.contrib.rnn.GRUBlockCellV2`, whose variables are named as those of GRUCell."""

    names = "gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias"
