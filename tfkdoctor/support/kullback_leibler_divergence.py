"""`kullback_leibler_divergence` as a metric: Keras 3 logs the same value as 'kl_divergence'."""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def kullback_leibler_divergence(y_true, y_pred):  # type: ignore[no-untyped-def]
    """One value for each sample; drop it for 'kl_divergence' and that key in histories."""
    return tf.keras.losses.KLD(y_true, y_pred)
