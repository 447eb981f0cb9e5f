# mypy: ignore-errors
"""`tf.contrib.rnn.LSTMBlockFusedCell`, which ran a whole sequence at once, and the two that make a fused cell of a cell
and turn one around. tf.keras.layers.LSTM would remove them.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, GraphLayer
from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple


class LSTMBlockFusedCell(GraphLayer):
    """`tf.contrib.rnn.LSTMBlockFusedCell`: inputs are (time, batch, size), or a list of (batch, size)."""

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        cell_clip=None,
        use_peephole=False,
        reuse=None,
        dtype=None,
        name="lstm_fused_cell",
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units, self._forget_bias = num_units, forget_bias
        self._cell_clip, self._use_peephole = -1 if cell_clip is None else cell_clip, use_peephole

    @property
    def num_units(self):
        return self._num_units

    def build(self, input_shape):
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        units = self._num_units
        self._kernel = self.add_weight("kernel", [shape.as_list()[-1] + units, units * 4])
        self._bias = self.add_weight("bias", [units * 4], initializer=_ZEROS)
        if self._use_peephole:
            self._diagonals = [self.add_weight(f"w_{gate}_diag", [units]) for gate in "ifo"]

    def call(self, inputs, initial_state=None, dtype=None, sequence_length=None):
        listed = isinstance(inputs, list)
        inputs = tf1.stack(inputs) if listed else inputs
        length, batch = (known or tf1.shape(inputs)[n] for n, known in enumerate(inputs.shape.as_list()[:2]))
        if initial_state is None:
            initial_state = (tf1.zeros(tf1.stack([batch, self._num_units]), dtype),) * 2
        memory, output = initial_state
        nothing = tf1.zeros([self._num_units], memory.dtype)
        i, f, o = self._diagonals if self._use_peephole else (nothing,) * 3
        longest = length if sequence_length is None else tf1.reduce_max(sequence_length)
        _, memories, _, _, _, _, outputs = tf1.raw_ops.BlockLSTM(
            seq_len_max=tf1.cast(longest, tf1.int64),
            x=inputs,
            cs_prev=memory,
            h_prev=output,
            w=self._kernel,
            wci=i,
            wcf=f,
            wco=o,
            b=self._bias,
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        if sequence_length is None:
            last = LSTMStateTuple(memories[-1], outputs[-1])
        else:
            mask = tf1.sequence_mask(sequence_length, length, dtype=outputs.dtype)
            outputs *= tf1.expand_dims(tf1.transpose(mask), -1)
            at = tf1.stack([tf1.cast(sequence_length, tf1.int32), tf1.range(batch)], axis=1)
            ends = ((memory, memories), (output, outputs))
            last = LSTMStateTuple(
                *(tf1.gather_nd(tf1.concat([tf1.expand_dims(first, 0), rest], 0), at) for first, rest in ends)
            )
        return tf1.unstack(outputs) if listed else outputs, last


class FusedRNNCellAdaptor:
    """`tf.contrib.rnn.FusedRNNCellAdaptor`: a cell as one that takes a whole sequence."""

    def __init__(self, cell, use_dynamic_rnn=False):
        self._cell, self._dynamic = cell, use_dynamic_rnn

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        listed = isinstance(inputs, list)
        same = {"initial_state": initial_state, "dtype": dtype, "sequence_length": sequence_length, "scope": scope}
        if self._dynamic:
            inputs = tf1.stack(inputs) if listed else inputs
            outputs, state = tf1.nn.dynamic_rnn(self._cell, inputs, time_major=True, **same)
            return tf1.unstack(outputs) if listed else outputs, state
        outputs, state = tf1.nn.static_rnn(self._cell, inputs if listed else tf1.unstack(inputs), **same)
        return outputs if listed else tf1.stack(outputs), state


class TimeReversedFusedRNN:
    """`tf.contrib.rnn.TimeReversedFusedRNN`: a fused cell that reads from the end."""

    def __init__(self, cell):
        self._cell = cell

    def _reversed(self, values, lengths):
        if isinstance(values, list):
            return values[::-1]
        return tf1.reverse(values, [0]) if lengths is None else tf1.reverse_sequence(values, lengths, 0, 1)

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        outputs, state = self._cell(
            self._reversed(inputs, sequence_length),
            initial_state=initial_state,
            dtype=dtype,
            sequence_length=sequence_length,
            scope=scope,
        )
        return self._reversed(outputs, sequence_length), state
