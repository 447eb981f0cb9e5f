"""The cosine_proximity of Keras 1 and of keras before 2.0.9: a mean over the last axis, where it is a sum today.

Drop it for `cosine_similarity`, which is larger by the number of outputs.
"""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def mean_cosine_proximity(y_true, y_pred):  # type: ignore[no-untyped-def]
    """One value for each sample, -1 / outputs where both point the same way."""
    y_true = tf.math.l2_normalize(tf.cast(y_true, y_pred.dtype), axis=-1)
    return -tf.reduce_mean(y_true * tf.math.l2_normalize(y_pred, axis=-1), axis=-1)


mean_cosine_proximity.__name__ = "cosine_proximity"  # the key that histories have
