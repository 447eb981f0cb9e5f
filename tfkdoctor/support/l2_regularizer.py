# mypy: ignore-errors
"""The regularizers of tf.contrib.layers: functions of a variable, and half of the sum of squares where
tf.keras.regularizers take the whole.
"""

import numbers

import tensorflow.compat.v1 as tf1


def _scale_of(scale, name):
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name} cannot be an integer: {scale}")
    if isinstance(scale, numbers.Real) and scale < 0.0:
        raise ValueError(f"Setting a {name} less than 0 on a regularizer: {scale:g}")
    return scale


def l1_regularizer(scale, scope=None):
    """`tf.contrib.layers.l1_regularizer`; tf.keras.regularizers.l1 would remove it."""
    if _scale_of(scale, "scale") == 0.0:
        return lambda _: None

    def l1(weights, name=None):
        with tf1.name_scope(scope, "l1_regularizer", [weights]) as name:
            my_scale = tf1.convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
            return tf1.multiply(my_scale, tf1.reduce_sum(tf1.abs(weights)), name=name)

    return l1


def l2_regularizer(scale, scope=None):
    """`tf.contrib.layers.l2_regularizer`; tf.keras.regularizers.l2 of half the scale would remove it."""
    if _scale_of(scale, "scale") == 0.0:
        return lambda _: None

    def l2(weights):
        with tf1.name_scope(scope, "l2_regularizer", [weights]) as name:
            my_scale = tf1.convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
            return tf1.multiply(my_scale, tf1.nn.l2_loss(weights), name=name)

    return l2


def sum_regularizer(regularizer_list, scope=None):
    """`tf.contrib.layers.sum_regularizer`."""
    regularizers = [each for each in regularizer_list if each is not None]

    def sum_of(weights):
        with tf1.name_scope(scope, "sum_regularizer", [weights]) as name:
            losses = [loss for loss in (each(weights) for each in regularizers) if loss is not None]
            return tf1.add_n(losses, name=name) if losses else None

    return sum_of if regularizers else None


def l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    """`tf.contrib.layers.l1_l2_regularizer`; tf.keras.regularizers.l1_l2 of half the second would remove it."""
    scope = scope or "l1_l2_regularizer"
    if _scale_of(scale_l1, "scale_l1") == 0.0:
        return l2_regularizer(scale_l2, scope)
    if _scale_of(scale_l2, "scale_l2") == 0.0:
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope=scope)


def apply_regularization(regularizer, weights_list=None):
    """`tf.contrib.layers.apply_regularization`: the sum over these weights, in REGULARIZATION_LOSSES."""
    weights_list = weights_list or tf1.get_collection(tf1.GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with tf1.name_scope("get_regularization_penalty", values=weights_list) as scope:
        penalties = [regularizer(weights) for weights in weights_list]
        penalties = [tf1.constant(0.0) if penalty is None else penalty for penalty in penalties]
        total = tf1.add_n(penalties, name=scope)
        tf1.add_to_collection(tf1.GraphKeys.REGULARIZATION_LOSSES, total)
        return total
