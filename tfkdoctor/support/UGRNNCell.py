# mypy: ignore-errors
"""`tf.contrib.rnn.UGRNNCell` on graph variables: one gate between the old state and the new."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.linear_of import linear_of
from tfkdoctor.support.rnn_cell import RNNCell


class UGRNNCell(RNNCell):
    """`tf.contrib.rnn.UGRNNCell`."""

    def __init__(self, num_units, initializer=None, forget_bias=1.0, activation=tf1.tanh, reuse=None):
        super().__init__(_reuse=reuse)
        self._num_units, self._initializer = num_units, initializer
        self._forget_bias, self._activation = forget_bias, activation

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        with tf1.variable_scope(tf1.get_variable_scope(), initializer=self._initializer, auxiliary_name_scope=False):
            gate, new = tf1.split(linear_of([inputs, state], 2 * self._num_units), 2, axis=1)
        gate = tf1.sigmoid(gate + self._forget_bias)
        state = gate * state + (1.0 - gate) * self._activation(new)
        return state, state
