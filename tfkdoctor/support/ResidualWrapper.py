# mypy: ignore-errors
"""`ResidualWrapper` and `DeviceWrapper` of `tf.nn.rnn_cell`, around a cell."""

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import _CellWrapper


class ResidualWrapper(_CellWrapper):
    """`tf.nn.rnn_cell.ResidualWrapper`: adds what went in to what comes out."""

    def __init__(self, cell, residual_fn=None, **keywords):
        super().__init__(cell, **keywords)
        self._residual_fn = residual_fn

    def _wrapped(self, inputs, state, scope):
        outputs, new_state = self.cell(inputs, state, scope=scope)
        if self._residual_fn is not None:
            return self._residual_fn(inputs, outputs), new_state
        return tf.nest.map_structure(lambda before, after: before + after, inputs, outputs), new_state


class DeviceWrapper(_CellWrapper):
    """`tf.nn.rnn_cell.DeviceWrapper`: the cell on one device."""

    def __init__(self, cell, device, **keywords):
        super().__init__(cell, **keywords)
        self._device = device

    def zero_state(self, batch_size, dtype):
        with tf1.device(self._device):
            return super().zero_state(batch_size, dtype)

    def _wrapped(self, inputs, state, scope):
        with tf1.device(self._device):
            return self.cell(inputs, state, scope=scope)
