# mypy: ignore-errors
"""`tf.contrib.rnn.EmbeddingWrapper`: a cell whose inputs are numbers of words, looked up in a table of its own."""

import math

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import RNNCell


class EmbeddingWrapper(RNNCell):
    """`tf.contrib.rnn.EmbeddingWrapper`: the variable is `embedding`."""

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(_reuse=reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                f"Both embedding_classes and embedding_size must be > 0: {embedding_classes}, {embedding_size}."
            )
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
            usual = tf1.random_uniform_initializer(-math.sqrt(3), math.sqrt(3))
            initializer = self._initializer or tf1.get_variable_scope().initializer or usual
            dtype = tf.nest.flatten(state)[0].dtype.base_dtype
            embedding = tf1.get_variable("embedding", self._shape, dtype, initializer)
            return self._cell(tf1.nn.embedding_lookup(embedding, tf1.reshape(inputs, [-1])), state)
