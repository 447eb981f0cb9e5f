# mypy: ignore-errors
"""`tf.contrib.rnn.PhasedLSTMCell` on graph variables: an LSTM that is open in a learned rhythm of its time input."""

import math

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.linear import _Linear
from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple
from tfkdoctor.support.rnn_cell import RNNCell


class PhasedLSTMCell(RNNCell):
    """`tf.contrib.rnn.PhasedLSTMCell`; its input is a pair: the time, (batch, 1), and the values."""

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        leak=0.001,
        ratio_on=0.1,
        trainable_ratio_on=True,
        period_init_min=1.0,
        period_init_max=1000.0,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._leak = num_units, use_peepholes, leak
        self._ratio_on, self._trainable_ratio_on = ratio_on, trainable_ratio_on
        self._periods = math.log(period_init_min), math.log(period_init_max)
        self._linears = {}

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def _linear(self, scope, values, size):
        with tf1.variable_scope(scope):
            if scope not in self._linears:
                self._linears[scope] = _Linear(values, size)
            return self._linears[scope](values)

    def _rhythm(self):
        def periods(shape, dtype=tf1.float32, partition_info=None):
            return tf1.exp(tf1.random_uniform(shape, *self._periods, dtype))

        def phases(shape, dtype=tf1.float32, partition_info=None):
            return tf1.random_uniform(shape, 0.0, 1.0, dtype) * period.initial_value

        size = [self._num_units]
        period = tf1.get_variable("period", size, initializer=periods)
        phase = tf1.get_variable("phase", size, initializer=phases)
        initializer = tf1.constant_initializer(self._ratio_on)
        return period, phase, tf1.get_variable("ratio_on", size, None, initializer, trainable=self._trainable_ratio_on)

    def call(self, inputs, state):
        (memory, output), (time, values) = state, inputs
        seen = [values, output]
        mask = self._linear("mask_gates", [*seen, memory] if self._use_peepholes else seen, 2 * self._num_units)
        i, f = tf1.split(tf1.sigmoid(mask), 2, 1)
        new = memory * f + i * tf1.tanh(self._linear("new_input", seen, self._num_units))
        o = self._linear("output_gate", [*seen, new] if self._use_peepholes else seen, self._num_units)
        new_output = tf1.tanh(new) * tf1.sigmoid(o)
        period, phase, ratio_on = self._rhythm()
        shifted = time - tf1.cast(phase, time.dtype)
        period = tf1.cast(period, time.dtype)
        ratio = (tf1.stop_gradient(tf1.mod(shifted, period) - shifted) + shifted) / period
        ratio = tf1.cast(ratio, tf1.float32)
        up = 2 * ratio / ratio_on
        k = tf1.where(ratio < ratio_on, 2 - up, self._leak * ratio)
        k = tf1.where(ratio < 0.5 * ratio_on, up, k)
        memory, output = k * new + (1 - k) * memory, k * new_output + (1 - k) * output
        return output, LSTMStateTuple(memory, output)
