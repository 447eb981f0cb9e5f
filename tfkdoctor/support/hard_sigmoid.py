"""The hard sigmoid of Keras 1 and 2: 0.2 x + 0.5, clipped to [0, 1].

Keras 3 defines `hard_sigmoid` as relu6(x + 3) / 6: at 1.0 it gives .6667 where Keras 2 gave .7. Registered under a
name of its own, so that a model that is saved with it is loaded with it.
"""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
def hard_sigmoid(x):  # type: ignore[no-untyped-def]
    """Keras 2's hard sigmoid of a tensor of any shape; drop it to take the one of today."""
    return tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)
