# mypy: ignore-errors
"""What depends on a flag that is a Python bool or a tensor, such as `is_training`: one branch is built where its value
is known, both where it is fed. It was tf.contrib.framework.smart_cond.
"""

import tensorflow as tf
import tensorflow.compat.v1 as tf1


def _constant(flag):
    """The flag as a bool, or None where only a session knows it."""
    if isinstance(flag, tf1.Variable):
        return None
    value = tf.get_static_value(flag) if tf.is_tensor(flag) else flag
    return None if value is None else bool(value)


def smart_cond(pred, true_fn=None, false_fn=None, name=None):
    """One of two functions' results, by a flag that may be a tensor."""
    value = _constant(pred)
    if value is None:
        return tf1.cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if value else false_fn()
