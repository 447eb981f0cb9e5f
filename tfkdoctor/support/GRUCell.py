# mypy: ignore-errors
"""`tf.nn.rnn_cell.GRUCell` on graph variables. It resets the state before it multiplies it: tf.keras.layers.GRUCell
with reset_after=False would remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, _activation, _initializer
from tfkdoctor.support.rnn_cell import LayerRNNCell


class GRUCell(LayerRNNCell):
    """`tf.nn.rnn_cell.GRUCell`: variables `gates/kernel`, `gates/bias`, `candidate/kernel` and `candidate/bias`."""

    def __init__(
        self,
        num_units,
        activation=None,
        reuse=None,
        kernel_initializer=None,
        bias_initializer=None,
        name=None,
        dtype=None,
        **keywords,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **keywords)
        self._num_units, self._activation = num_units, _activation(activation) or tf1.tanh
        self._kernel_initializer, self._bias_initializer = map(_initializer, (kernel_initializer, bias_initializer))

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size, units = inputs_shape.as_list()[-1] + self._num_units, self._num_units
        first = self._bias_initializer or tf1.constant_initializer(1.0)
        self._gate_kernel = self.add_weight("gates/kernel", [size, 2 * units], initializer=self._kernel_initializer)
        self._gate_bias = self.add_weight("gates/bias", [2 * units], initializer=first)
        self._candidate_kernel = self.add_weight(
            "candidate/kernel", [size, units], initializer=self._kernel_initializer
        )
        self._candidate_bias = self.add_weight("candidate/bias", [units], initializer=self._bias_initializer or _ZEROS)

    def call(self, inputs, state):
        gates = tf1.nn.bias_add(tf1.matmul(tf1.concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        reset, update = tf1.split(tf1.sigmoid(gates), 2, axis=1)
        candidate = tf1.matmul(tf1.concat([inputs, reset * state], 1), self._candidate_kernel)
        candidate = self._activation(tf1.nn.bias_add(candidate, self._candidate_bias))
        output = update * state + (1 - update) * candidate
        return output, output
