# mypy: ignore-errors
"""`tf.contrib.rnn.CoupledInputForgetGateLSTMCell` on graph variables: what is not forgotten is what is not taken in."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer_norm import contrib_layer_norm
from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple
from tfkdoctor.support.rnn_cell import RNNCell


class CoupledInputForgetGateLSTMCell(RNNCell):
    """`tf.contrib.rnn.CoupledInputForgetGateLSTMCell`; its kernels in shards `W_0`, `W_1` and on."""

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        initializer=None,
        num_proj=None,
        proj_clip=None,
        num_unit_shards=1,
        num_proj_shards=1,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=tf1.tanh,
        reuse=None,
        layer_norm=False,
        norm_gain=1.0,
        norm_shift=0.0,
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._forget_bias = num_units, use_peepholes, forget_bias
        self._num_proj, self._proj_clip, self._activation = num_proj, proj_clip, activation
        self._shards, self._state_is_tuple = (num_unit_shards, num_proj_shards), state_is_tuple
        self._layer_norm, self._first = layer_norm, {"gamma": norm_gain, "beta": norm_shift}

    @property
    def state_size(self):
        sizes = self._num_units, self.output_size
        return LSTMStateTuple(*sizes) if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def _kernel(self, name, rows, columns, dtype, shards):
        sizes = [rows // shards + (number < rows % shards) for number in range(shards)]
        parts = [tf1.get_variable(f"{name}_{n}", [size, columns], dtype) for n, size in enumerate(sizes)]
        return parts[0] if shards == 1 else tf1.concat(parts, 0)

    def _norm(self, value, scope):
        if not self._layer_norm:
            return value
        with tf1.variable_scope(scope):
            for name, first in self._first.items():
                tf1.get_variable(name, value.shape[-1:], initializer=tf1.constant_initializer(first))
        return contrib_layer_norm(value, reuse=True, scope=scope)

    def call(self, inputs, state):
        units, dtype = self._num_units, inputs.dtype.base_dtype
        memory, output = state if self._state_is_tuple else tf1.split(state, [units, self.output_size], 1)
        both = tf1.concat([inputs, output], 1)
        gates = tf1.matmul(both, self._kernel("W", both.shape.as_list()[1], 3 * units, dtype, self._shards[0]))
        bias = tf1.get_variable("B", [3 * units], dtype, tf1.zeros_initializer())
        if not self._layer_norm:
            gates = tf1.nn.bias_add(gates, bias)
        new, f, o = tf1.split(gates, 3, axis=1)
        new, f, o = self._norm(new, "transform"), self._norm(f, "forget"), self._norm(o, "output")
        peephole = {}
        if self._use_peepholes:
            peephole = {gate: tf1.get_variable(f"W_{gate}_diag", [units], dtype) for gate in "FO"}
        f = tf1.sigmoid(f + self._forget_bias + (peephole["F"] * memory if peephole else 0.0))
        memory = self._norm(f * memory + (1 - f) * self._activation(new), "state")
        output = tf1.sigmoid(o + (peephole["O"] * memory if peephole else 0.0)) * self._activation(memory)
        if self._num_proj is not None:
            output = tf1.matmul(output, self._kernel("W_P", units, self._num_proj, dtype, self._shards[1]))
            if self._proj_clip is not None:
                output = tf1.clip_by_value(output, -self._proj_clip, self._proj_clip)
        return output, LSTMStateTuple(memory, output) if self._state_is_tuple else tf1.concat([memory, output], 1)
