"""Activity regularization of Keras 1 and 2: the penalty of the whole batch.

tf.keras divides it by the number of samples in the batch: an l1(1e-5) weighs 32 times less in batches of 32.
"""

import tensorflow as tf


def undivided(regularizer):  # type: ignore[no-untyped-def]
    """The regularizer (or its name) for `activity_regularizer=`; without it, a factor of the batch size is missing."""
    regularizer = tf.keras.regularizers.get(regularizer)
    return None if regularizer is None else _Undivided(regularizer)  # type: ignore[no-untyped-call]


def _known_of(cls):  # type: ignore[no-untyped-def]
    """Found by its bare name as well, by which HDF5 files are read."""
    tf.keras.utils.get_custom_objects()[cls.__name__] = cls
    return cls


@_known_of
@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _Undivided(tf.keras.regularizers.Regularizer):  # type: ignore[misc]
    def __init__(self, regularizer):  # type: ignore[no-untyped-def]
        self.regularizer = tf.keras.regularizers.get(regularizer)

    def __call__(self, x):  # type: ignore[no-untyped-def]
        penalty = self.regularizer(x)
        return penalty * tf.cast(tf.shape(x)[0], penalty.dtype)

    def get_config(self):  # type: ignore[no-untyped-def]
        return {"regularizer": tf.keras.regularizers.serialize(self.regularizer)}
