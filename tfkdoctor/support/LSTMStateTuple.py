# mypy: ignore-errors
"""The state of the LSTM cells of TensorFlow 1, for tf.compat.v1.nn.rnn_cell is gone with Keras 3."""

import collections


class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """`tf.nn.rnn_cell.LSTMStateTuple`: the cell's memory and its output."""

    @property
    def dtype(self):
        return self.c.dtype
