"""`hinge` and `squared_hinge` of Keras 1 and 2, which take labels as they are.

tf.keras makes -1 and 1 of labels that are all 0 and 1. Drop them where the labels are -1 and 1.
"""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def hinge(y_true, y_pred):  # type: ignore[no-untyped-def]
    """One value for each sample; tf.keras.losses.Hinge() where labels are -1 and 1."""
    return tf.reduce_mean(tf.maximum(1.0 - tf.cast(y_true, y_pred.dtype) * y_pred, 0.0), axis=-1)


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def squared_hinge(y_true, y_pred):  # type: ignore[no-untyped-def]
    """One value for each sample; tf.keras.losses.SquaredHinge() where labels are -1 and 1."""
    return tf.reduce_mean(tf.square(tf.maximum(1.0 - tf.cast(y_true, y_pred.dtype) * y_pred, 0.0)), axis=-1)
