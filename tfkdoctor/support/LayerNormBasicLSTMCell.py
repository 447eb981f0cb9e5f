# mypy: ignore-errors
"""`tf.contrib.rnn.LayerNormBasicLSTMCell` on graph variables: an LSTM whose gates and memory are normalized, with
dropout of the new memory.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer_norm import contrib_layer_norm
from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple
from tfkdoctor.support.rnn_cell import RNNCell


class LayerNormBasicLSTMCell(RNNCell):
    """`tf.contrib.rnn.LayerNormBasicLSTMCell`."""

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        input_size=None,
        activation=tf1.tanh,
        layer_norm=True,
        norm_gain=1.0,
        norm_shift=0.0,
        dropout_keep_prob=1.0,
        dropout_prob_seed=None,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._activation, self._forget_bias = num_units, activation, forget_bias
        self._keep_prob, self._seed = dropout_keep_prob, dropout_prob_seed
        self._layer_norm, self._first = layer_norm, {"gamma": norm_gain, "beta": norm_shift}

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def _norm(self, value, scope):
        if not self._layer_norm:
            return value
        with tf1.variable_scope(scope):
            for name, first in self._first.items():
                initializer = tf1.constant_initializer(first)
                tf1.get_variable(name, value.shape[-1:], value.dtype.base_dtype, initializer)
        return contrib_layer_norm(value, reuse=True, scope=scope)

    def call(self, inputs, state):
        memory, output = state
        both = tf1.concat([inputs, output], 1)
        kernel = tf1.get_variable("kernel", [both.shape.as_list()[-1], 4 * self._num_units], both.dtype.base_dtype)
        gates = tf1.matmul(both, kernel)
        if not self._layer_norm:
            gates = tf1.nn.bias_add(gates, tf1.get_variable("bias", [4 * self._num_units], both.dtype.base_dtype))
        i, new, f, o = tf1.split(gates, 4, axis=1)
        i, new = self._norm(i, "input"), self._norm(new, "transform")
        f, o = self._norm(f, "forget"), self._norm(o, "output")
        new = self._activation(new)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            new = tf1.nn.dropout(new, rate=1 - self._keep_prob, seed=self._seed)
        memory = memory * tf1.sigmoid(f + self._forget_bias) + tf1.sigmoid(i) * new
        memory = self._norm(memory, "state")
        output = self._activation(memory) * tf1.sigmoid(o)
        return output, LSTMStateTuple(memory, output)
