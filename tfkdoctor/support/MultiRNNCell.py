# mypy: ignore-errors
"""`tf.nn.rnn_cell.MultiRNNCell` on graph variables; tf.keras.layers.StackedRNNCells would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import RNNCell


class MultiRNNCell(RNNCell):
    """`tf.nn.rnn_cell.MultiRNNCell`: cells one upon the other, each in a scope `cell_0` and on."""

    def __init__(self, cells, state_is_tuple=True):
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        self._cells, self._state_is_tuple = cells, state_is_tuple

    @property
    def state_size(self):
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._cells[-1].output_size

    def zero_state(self, batch_size, dtype):
        if not self._state_is_tuple:
            return super().zero_state(batch_size, dtype)
        with tf1.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    @property
    def trainable_weights(self):
        cells = self._cells if self.trainable else []
        return [weight for cell in cells for weight in getattr(cell, "trainable_weights", [])]

    @property
    def non_trainable_weights(self):
        weights = [weight for cell in self._cells for weight in getattr(cell, "non_trainable_weights", [])]
        return weights if self.trainable else [w for cell in self._cells for w in cell.trainable_weights] + weights

    def call(self, inputs, state):
        states, new_states = state, []
        if not self._state_is_tuple:
            states = tf1.split(state, [cell.state_size for cell in self._cells], axis=1)
        for number, (cell, each) in enumerate(zip(self._cells, states, strict=True)):
            with tf1.variable_scope(f"cell_{number}"):
                inputs, new_state = cell(inputs, each)
                new_states.append(new_state)
        return inputs, tuple(new_states) if self._state_is_tuple else tf1.concat(new_states, 1)
