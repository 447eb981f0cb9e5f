"""The cosine_proximity of keras 2.0.9 to 2.3.1: minus the sum of the products of both directions, as loss and metric.

Keras 3's loss `cosine_similarity` is the same, its metric of that name has the other sign.
"""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def cosine_proximity(y_true, y_pred):  # type: ignore[no-untyped-def]
    """One value for each sample, -1 where both point the same way."""
    y_true = tf.math.l2_normalize(tf.cast(y_true, y_pred.dtype), axis=-1)
    return -tf.reduce_sum(y_true * tf.math.l2_normalize(y_pred, axis=-1), axis=-1)
