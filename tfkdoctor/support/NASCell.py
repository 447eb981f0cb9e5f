# mypy: ignore-errors
"""`tf.contrib.rnn.NASCell` on graph variables: the cell that a search over architectures found (Zoph and Le 2016)."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS
from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple
from tfkdoctor.support.rnn_cell import LayerRNNCell


class NASCell(LayerRNNCell):
    """`tf.contrib.rnn.NASCell`."""

    def __init__(self, num_units, num_proj=None, use_bias=False, reuse=None, **keywords):
        super().__init__(_reuse=reuse, **keywords)
        self._num_units, self._num_proj, self._use_bias = num_units, num_proj, use_bias

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self):
        return self._num_units if self._num_proj is None else self._num_proj

    def build(self, inputs_shape):
        units = 8 * self._num_units
        self._recurrent_kernel = self.add_weight("recurrent_kernel", [self.output_size, units])
        self._kernel = self.add_weight("kernel", [inputs_shape.as_list()[-1], units])
        if self._use_bias:
            self._bias = self.add_weight("bias", [units], initializer=_ZEROS)
        if self._num_proj is not None:
            self._projection = self.add_weight("projection_weights", [self._num_units, self._num_proj])

    def call(self, inputs, state):
        memory, output = state
        old, new = tf1.matmul(output, self._recurrent_kernel), tf1.matmul(inputs, self._kernel)
        if self._use_bias:
            old = tf1.nn.bias_add(old, self._bias)
        pairs = list(zip(tf1.split(new, 8, 1), tf1.split(old, 8, 1), strict=True))
        sums = [one + other for one, other in pairs]
        sums[3] = pairs[3][0] * pairs[3][1]
        s, r, t = tf1.sigmoid, tf1.nn.relu, tf1.tanh
        a, b, c, d, e, f, g, h = (apply(each) for apply, each in zip((s, r, s, r, t, s, t, s), sums, strict=True))
        memory = t(t(a * b) + memory) * t(c + d)
        output = t(memory * t(t(e * f) + s(g + h)))
        if self._num_proj is not None:
            output = tf1.matmul(output, self._projection)
        return output, LSTMStateTuple(memory, output)
