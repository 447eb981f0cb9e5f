# mypy: ignore-errors
"""`tf.contrib.rnn.AttentionCellWrapper`: a cell that looks back at its own last outputs."""

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.linear_of import linear_of
from tfkdoctor.support.rnn_cell import RNNCell


class AttentionCellWrapper(RNNCell):
    """`tf.contrib.rnn.AttentionCellWrapper`; a state is the cell's, what was read, and the window of outputs."""

    def __init__(
        self,
        cell,
        attn_length,
        attn_size=None,
        attn_vec_size=None,
        input_size=None,
        state_is_tuple=True,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        if tf.nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError(f"the cell's state is a tuple: state_is_tuple must be True ({cell.state_size})")
        self._cell, self._input_size, self._state_is_tuple = cell, input_size, state_is_tuple
        self._length, self._size = attn_length, attn_size or cell.output_size
        self._features = attn_vec_size or self._size

    @property
    def state_size(self):
        sizes = self._cell.state_size, self._size, self._size * self._length
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._size

    def call(self, inputs, state):
        state, read, window = state if self._state_is_tuple else tf1.split(state, self._sizes(), axis=1)
        window = tf1.reshape(window, [-1, self._length, self._size])
        inputs = linear_of([inputs, read], self._input_size or inputs.shape.as_list()[1])
        output, state = self._cell(inputs, state)
        read = self._read(tf1.concat(tf.nest.flatten(state), 1), window)
        with tf1.variable_scope("attn_output_projection"):
            output = linear_of([output, read], self._size)
        window = tf1.concat([window[:, 1:], tf1.expand_dims(output, 1)], 1)
        window = tf1.reshape(window, [-1, self._length * self._size])
        return output, (state, read, window) if self._state_is_tuple else tf1.concat([state, read, window], 1)

    def _sizes(self):
        return [self._cell.state_size, self._size, self._size * self._length]

    def _read(self, query, window):
        with tf1.variable_scope("attention"):
            kernel = tf1.get_variable("attn_w", [1, 1, self._size, self._features])
            vector = tf1.get_variable("attn_v", [self._features])
            hidden = tf1.reshape(window, [-1, self._length, 1, self._size])
            asked = tf1.reshape(linear_of(query, self._features), [-1, 1, 1, self._features])
            scores = vector * tf1.tanh(tf1.nn.conv2d(hidden, kernel, [1, 1, 1, 1], "SAME") + asked)
            weights = tf1.reshape(tf1.nn.softmax(tf1.reduce_sum(scores, [2, 3])), [-1, self._length, 1, 1])
            return tf1.reshape(tf1.reduce_sum(weights * hidden, [1, 2]), [-1, self._size])
