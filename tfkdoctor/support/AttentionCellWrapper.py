# mypy: ignore-errors
"""`tf.contrib.rnn.AttentionCellWrapper`: a cell that attends to its own last outputs."""

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.linear import _Linear
from tfkdoctor.support.rnn_cell import RNNCell


class AttentionCellWrapper(RNNCell):
    """`tf.contrib.rnn.AttentionCellWrapper`."""

    def __init__(
        self, cell, attn_length, attn_size=None, attn_vec_size=None, input_size=None, state_is_tuple=True, reuse=None
    ):
        super().__init__(_reuse=reuse)
        if tf.nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError("Cell returns tuple of states, but the flag state_is_tuple is not set.")
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        self._cell, self._input_size, self._state_is_tuple = cell, input_size, state_is_tuple
        self._length, self._size = attn_length, attn_size or cell.output_size
        self._vector = attn_vec_size or self._size
        self._linears = {}

    @property
    def state_size(self):
        sizes = (self._cell.state_size, self._size, self._size * self._length)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._size

    def _linear(self, name, values, size):
        if name not in self._linears:
            self._linears[name] = _Linear(values, size)
        return self._linears[name](values)

    def call(self, inputs, state):
        if not self._state_is_tuple:
            sizes = [self._cell.state_size, self._size, self._size * self._length]
            state = tf1.split(state, sizes, 1)
        state, attended, past = state
        past = tf1.reshape(past, [-1, self._length, self._size])
        inputs = self._linear("in", [inputs, attended], self._input_size or inputs.shape.as_list()[1])
        output, new_state = self._cell(inputs, state)
        attended = self._attention(tf1.concat(tf.nest.flatten(new_state), 1), past)
        with tf1.variable_scope("attn_output_projection"):
            output = self._linear("out", [output, attended], self._size)
        past = tf1.concat([past[:, 1:], tf1.expand_dims(output, 1)], 1)
        new_state = (new_state, attended, tf1.reshape(past, [-1, self._length * self._size]))
        return output, new_state if self._state_is_tuple else tf1.concat(list(new_state), 1)

    def _attention(self, query, past):
        with tf1.variable_scope("attention"):
            kernel = tf1.get_variable("attn_w", [1, 1, self._size, self._vector])
            vector = tf1.get_variable("attn_v", [self._vector])
            hidden = tf1.reshape(past, [-1, self._length, 1, self._size])
            features = tf1.nn.conv2d(hidden, kernel, [1, 1, 1, 1], "SAME")
            query = tf1.reshape(self._linear("query", [query], self._vector), [-1, 1, 1, self._vector])
            weights = tf1.nn.softmax(tf1.reduce_sum(vector * tf1.tanh(features + query), [2, 3]))
            read = tf1.reduce_sum(tf1.reshape(weights, [-1, self._length, 1, 1]) * hidden, [1, 2])
            return tf1.reshape(read, [-1, self._size])
