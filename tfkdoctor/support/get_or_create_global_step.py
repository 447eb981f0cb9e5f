# mypy: ignore-errors
"""`tf.train.get_or_create_global_step`: one counter of steps that everybody asks for. A variable of the program's own,
handed to where it is needed, says the same."""

import tensorflow as tf

_GLOBAL_STEP = []


def get_or_create_global_step(graph=None):
    """The counter of steps of this program."""
    if not _GLOBAL_STEP:
        with tf.init_scope():
            _GLOBAL_STEP.append(tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step"))
    return _GLOBAL_STEP[0]


def get_global_step(graph=None):
    """The counter of steps, None where nobody has asked for one yet."""
    return _GLOBAL_STEP[0] if _GLOBAL_STEP else None
