# mypy: ignore-errors
"""`tf.train.RMSPropOptimizer` for a Keras model: its average of squares begins at 1, that of tf.keras at 0. The first
steps are a third of Keras' (0.1 and 0.316 for a rate of 0.1); the formula is the same.
"""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class RMSPropFromOne(tf.keras.optimizers.RMSprop):
    """Keras' optimizer whose averages begin at 1."""

    def add_variable_from_reference(self, reference_variable, name=None, initializer="zeros"):
        first = "ones" if name == "velocity" else initializer
        return super().add_variable_from_reference(reference_variable, name=name, initializer=first)
