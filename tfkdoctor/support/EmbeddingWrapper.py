# mypy: ignore-errors
"""`tf.contrib.rnn.EmbeddingWrapper`: a cell whose inputs are ids, embedded first."""

import math

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import RNNCell


class EmbeddingWrapper(RNNCell):
    """`tf.contrib.rnn.EmbeddingWrapper`; the table is `embedding`."""

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(_reuse=reuse)
        self._cell, self._shape, self._initializer = cell, [embedding_classes, embedding_size], initializer

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def zero_state(self, batch_size, dtype):
        with tf1.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)

    def call(self, inputs, state):
        with tf1.device("/cpu:0"):
            reach = math.sqrt(3)  # a variance of 1
            first = self._initializer or tf1.get_variable_scope().initializer
            first = first or tf1.random_uniform_initializer(-reach, reach)
            dtype = tf.nest.flatten(state)[0].dtype
            table = tf1.get_variable("embedding", self._shape, initializer=first, dtype=dtype)
            embedded = tf1.nn.embedding_lookup(table, tf1.reshape(inputs, [-1]))
            return self._cell(embedded, state)
