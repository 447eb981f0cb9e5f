# mypy: ignore-errors
"""`tf.contrib.rnn.EmbeddingWrapper`: a cell whose inputs are numbers of words, looked up in a table of its own."""

import math

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import RNNCell, _CellWrapper


class EmbeddingWrapper(_CellWrapper):
    """`tf.contrib.rnn.EmbeddingWrapper`: the variable is `embedding`."""

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(cell, _reuse=reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                f"Both embedding_classes and embedding_size must be > 0: {embedding_classes}, {embedding_size}."
            )
        self._shape, self._initializer = [embedding_classes, embedding_size], initializer

    def __call__(self, inputs, state, scope=None):
        return RNNCell.__call__(self, inputs, state, scope)  # in a scope of its own, which other wrappers do not have

    def call(self, inputs, state):
        with tf1.device("/cpu:0"):
            usual = tf1.random_uniform_initializer(-math.sqrt(3), math.sqrt(3))
            initializer = self._initializer or tf1.get_variable_scope().initializer or usual
            dtype = tf.nest.flatten(state)[0].dtype.base_dtype
            embedding = tf1.get_variable("embedding", self._shape, dtype, initializer)
            return self.cell(tf1.nn.embedding_lookup(embedding, tf1.reshape(inputs, [-1])), state)
