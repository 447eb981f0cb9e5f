# mypy: ignore-errors
"""`tf.nn.rnn_cell.DropoutWrapper` around a cell: probabilities to keep, a mask for each step or one for all. The
argument `dropout` of cells of tf.keras would remove it.
"""

import hashlib

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import _CellWrapper


def _forgets(state):
    """For each part of a state in order: is it dropped? The memory of an LSTM is not."""
    if getattr(state, "_fields", None) == ("c", "h"):  # an LSTMStateTuple, of whatever copy of this module
        return [False, True]
    if isinstance(state, (list, tuple)):
        return [flag for part in state for flag in _forgets(part)]
    return [True]


class DropoutWrapper(_CellWrapper):
    """`tf.nn.rnn_cell.DropoutWrapper`."""

    def __init__(
        self,
        cell,
        input_keep_prob=1.0,
        output_keep_prob=1.0,
        state_keep_prob=1.0,
        variational_recurrent=False,
        input_size=None,
        dtype=None,
        seed=None,
        **keywords,
    ):
        super().__init__(cell, dtype=dtype, **keywords)
        self._keep, self._seed, self._noise = {}, seed, {}
        with tf1.name_scope("DropoutWrapperInit"):
            given = {"input": input_keep_prob, "state": state_keep_prob, "output": output_keep_prob}
            for salt, probability in given.items():
                known = tf.get_static_value(tf1.convert_to_tensor(probability))
                self._keep[salt] = tf1.convert_to_tensor(probability) if known is None else float(known)
            if variational_recurrent:
                sizes = {"input": input_size, "state": cell.state_size, "output": cell.output_size}
                for salt, size in sizes.items():
                    self._noise[salt] = [
                        tf1.random_uniform(
                            [1, *tf1.TensorShape(each).as_list()], seed=self._seed_of(salt, i), dtype=dtype
                        )
                        for i, each in enumerate(tf.nest.flatten(size))
                        if each is not None
                    ]

    def _seed_of(self, salt, index):
        if self._seed is None:
            return None
        text = f"{self._seed}{salt}_{index}".encode()
        return int(hashlib.md5(text).hexdigest()[:8], 16) & 0x7FFFFFFF

    def _dropout(self, values, salt):
        keep, dropped = self._keep[salt], []
        if isinstance(keep, float) and keep >= 1:
            return values
        flags = _forgets(values) if salt == "state" else [True] * len(tf.nest.flatten(values))
        for index, (value, flag) in enumerate(zip(tf.nest.flatten(values), flags, strict=True)):
            if flag and self._noise:
                shape, mask = value.shape, tf1.floor(keep + self._noise[salt][index])
                value = tf1.div(value, keep) * mask
                value.set_shape(shape)
            elif flag:
                value = tf1.nn.dropout(value, rate=1.0 - keep, seed=self._seed_of(salt, index))
            dropped.append(value)
        return tf.nest.pack_sequence_as(values, dropped)

    def _wrapped(self, inputs, state, scope):
        output, new_state = self.cell(self._dropout(inputs, "input"), state, scope=scope)
        new_state = self._dropout(new_state, "state")
        return self._dropout(output, "output"), new_state
