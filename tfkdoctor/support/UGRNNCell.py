# mypy: ignore-errors
"""`tf.contrib.rnn.UGRNNCell` on graph variables: one gate between the old state and the new (Collins et al. 2016)."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.linear import _Linear
from tfkdoctor.support.rnn_cell import RNNCell


class UGRNNCell(RNNCell):
    """`tf.contrib.rnn.UGRNNCell`."""

    def __init__(self, num_units, initializer=None, forget_bias=1.0, activation=tf1.tanh, reuse=None):
        super().__init__(_reuse=reuse)
        self._num_units, self._initializer = num_units, initializer
        self._forget_bias, self._activation, self._linear = forget_bias, activation, None

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        both = [tf1.concat([inputs, state], 1)]
        with tf1.variable_scope(tf1.get_variable_scope(), initializer=self._initializer):
            self._linear = self._linear or _Linear(both, 2 * self._num_units)
            gate, new = tf1.split(self._linear(both), 2, 1)
            gate = tf1.sigmoid(gate + self._forget_bias)
            state = gate * state + (1.0 - gate) * self._activation(new)
        return state, state
