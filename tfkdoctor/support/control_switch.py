# mypy: ignore-errors
"""`control_flow_ops.switch` and `merge` of TensorFlow 1: one of two ways through a graph, without `tf.cond`.

`tf.cond` and `tf.switch_case` say the same in public names.
"""

import tensorflow as tf


def control_switch(data, pred, dtype=None, name=None):
    """What goes the way of False and what goes the way of True; the other of both is dead."""
    data = tf.convert_to_tensor(data, dtype)
    return tf.raw_ops.Switch(data=data, pred=tf.convert_to_tensor(pred), name=name or "Switch")


def control_merge(inputs, name=None):
    """The one input that is not dead, and its place."""
    return tf.raw_ops.Merge(inputs=[tf.convert_to_tensor(one) for one in inputs], name=name or "Merge")
