# mypy: ignore-errors
"""`tf.contrib.rnn.HighwayWrapper`: a learned gate between what goes into a cell and what comes out of it."""

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import _CellWrapper


class HighwayWrapper(_CellWrapper):
    """`tf.contrib.rnn.HighwayWrapper`."""

    def __init__(self, cell, couple_carry_transform_gates=True, carry_bias_init=1.0):
        super().__init__(cell)
        self._coupled, self._carry_bias = couple_carry_transform_gates, carry_bias_init

    def _gate(self, name, before, bias):
        size = before.shape.as_list()[1]
        kernel = tf1.get_variable(name + "_w", [size, size])
        bias = tf1.get_variable(name + "_b", [size], initializer=tf1.constant_initializer(bias))
        return tf1.sigmoid(tf1.nn.xw_plus_b(before, kernel, bias))

    def _highway(self, before, after):
        before.shape.assert_is_compatible_with(after.shape)
        carry = self._gate("carry", before, self._carry_bias)
        transform = 1 - carry if self._coupled else self._gate("transform", before, -self._carry_bias)
        return before * carry + after * transform

    def _wrapped(self, inputs, state, scope):
        outputs, new_state = self.cell(inputs, state, scope=scope)
        return tf.nest.map_structure(self._highway, inputs, outputs), new_state
