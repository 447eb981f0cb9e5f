# mypy: ignore-errors
"""`tf.nn.rnn_cell.BasicRNNCell` on graph variables; tf.keras.layers.SimpleRNNCell would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, _activation
from tfkdoctor.support.rnn_cell import LayerRNNCell


class BasicRNNCell(LayerRNNCell):
    """`tf.nn.rnn_cell.BasicRNNCell`: output = new state = activation(W [input, state] + b)."""

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, **keywords):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **keywords)
        self._num_units, self._activation = num_units, _activation(activation) or tf1.tanh

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size = inputs_shape.as_list()[-1] + self._num_units
        self._kernel = self.add_weight("kernel", [size, self._num_units])
        self._bias = self.add_weight("bias", [self._num_units], initializer=_ZEROS)

    def call(self, inputs, state):
        output = tf1.matmul(tf1.concat([inputs, state], 1), self._kernel)
        output = self._activation(tf1.nn.bias_add(output, self._bias))
        return output, output
