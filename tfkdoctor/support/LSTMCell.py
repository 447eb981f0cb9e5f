# mypy: ignore-errors
"""`tf.nn.rnn_cell.LSTMCell` on graph variables: peepholes, projection and clipping, which tf.keras.layers.LSTMCell does
not have.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, _activation, _initializer
from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple
from tfkdoctor.support.rnn_cell import LayerRNNCell


def _clipped(value, limit):
    return value if limit is None else tf1.clip_by_value(value, -limit, limit)


class LSTMCell(LayerRNNCell):
    """`tf.nn.rnn_cell.LSTMCell`: variables `kernel`, `bias`, `w_f_diag` and its kind, `projection/kernel`."""

    peepholes = "fio"  # in the order in which their variables are made

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        cell_clip=None,
        initializer=None,
        num_proj=None,
        proj_clip=None,
        num_unit_shards=None,
        num_proj_shards=None,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
        **keywords,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **keywords)
        self._num_units, self._num_proj, self._state_is_tuple = num_units, num_proj, state_is_tuple
        self._cell_clip, self._proj_clip, self._forget_bias = cell_clip, proj_clip, forget_bias
        self._shards = num_unit_shards, num_proj_shards
        self._use_peepholes, self._initializer = use_peepholes, _initializer(initializer)
        self._activation = _activation(activation) or tf1.tanh

    @property
    def state_size(self):
        sizes = self._num_units, self.output_size
        return LSTMStateTuple(*sizes) if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def build(self, inputs_shape):
        size, units = inputs_shape.as_list()[-1] + self.output_size, self._num_units
        by_shards, by_proj_shards = (n and tf1.fixed_size_partitioner(n) for n in self._shards)
        same = {"initializer": self._initializer}
        self._kernel = self.add_weight("kernel", [size, 4 * units], partitioner=by_shards, **same)
        self._bias = self.add_weight("bias", [4 * units], initializer=_ZEROS)
        self._diagonals = dict.fromkeys("ifo")
        if self._use_peepholes:
            for gate in self.peepholes:
                self._diagonals[gate] = self.add_weight(f"w_{gate}_diag", [units], **same)
        if self._num_proj:
            self._projection = self.add_weight(
                "projection/kernel", [units, self._num_proj], partitioner=by_proj_shards, **same
            )

    def call(self, inputs, state):
        sizes = [self._num_units, self.output_size]
        memory, output = state if self._state_is_tuple else tf1.split(state, sizes, axis=1)
        gates = tf1.nn.bias_add(tf1.matmul(tf1.concat([inputs, output], 1), self._kernel), self._bias)
        i, new, f, o = tf1.split(gates, 4, axis=1)

        def gate(value, name, memory):
            return tf1.sigmoid(value + self._diagonals[name] * memory if self._use_peepholes else value)

        memory = gate(f + self._forget_bias, "f", memory) * memory + gate(i, "i", memory) * self._activation(new)
        memory = _clipped(memory, self._cell_clip)
        output = gate(o, "o", memory) * self._activation(memory)
        if self._num_proj:
            output = _clipped(tf1.matmul(output, tf1.convert_to_tensor(self._projection)), self._proj_clip)
        both = LSTMStateTuple(memory, output) if self._state_is_tuple else tf1.concat([memory, output], 1)
        return output, both


class LSTMBlockCell(LSTMCell):
    """`tf.contrib.rnn.LSTMBlockCell`, which was one operation."""

    peepholes = "ifo"

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        cell_clip=None,
        use_peephole=False,
        dtype=None,
        reuse=None,
        name="lstm_cell",
    ):
        super().__init__(
            num_units, use_peephole, cell_clip, forget_bias=forget_bias, reuse=reuse, name=name, dtype=dtype
        )
