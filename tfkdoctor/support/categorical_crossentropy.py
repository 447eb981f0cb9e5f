"""The categorical crossentropy of Keras 1 and 2, in which a sample or time step without any class does not count.

Keras 3 takes it from the logits of a softmax, with a gradient that holds only for targets whose sum is 1: steps of
padding, whose targets are all 0, then pull every class down, though their loss is 0.
"""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def categorical_crossentropy(y_true, y_pred):  # type: ignore[no-untyped-def]
    """The loss for `compile(loss=…)`; where every target has a sum of 1 it is the one of tf.keras."""
    epsilon = tf.keras.backend.epsilon()
    y_pred = y_pred / tf.reduce_sum(y_pred, axis=-1, keepdims=True)
    y_pred = tf.clip_by_value(y_pred, epsilon, 1.0 - epsilon)
    return -tf.reduce_sum(tf.cast(y_true, y_pred.dtype) * tf.math.log(y_pred), axis=-1)
