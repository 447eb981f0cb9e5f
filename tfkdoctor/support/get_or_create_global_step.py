# mypy: ignore-errors
"""`tf.train.get_or_create_global_step`: one counter of steps that everybody asks for. A variable of the program's own,
handed to where it is needed, says the same."""

import tensorflow as tf

_STEPS_OF_PROGRAM = []


def get_or_create_global_step(graph=None):
    """The counter of steps of this program."""
    if not _STEPS_OF_PROGRAM:
        with tf.init_scope():
            _STEPS_OF_PROGRAM.append(tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step"))
    return _STEPS_OF_PROGRAM[0]


def get_global_step(graph=None):
    """The counter of steps, None where nobody has asked for one yet."""
    return _STEPS_OF_PROGRAM[0] if _STEPS_OF_PROGRAM else None
