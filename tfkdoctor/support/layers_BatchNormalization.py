# mypy: ignore-errors
"""`tf.layers.BatchNormalization`: it normalizes with the moving averages unless `training=True` is said, and those of
images take the unbiased variance, as TensorFlow 1's kernel did. tf.keras' takes the biased one."""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class layers_BatchNormalization(tf.keras.layers.BatchNormalization):
    """The layer of TensorFlow 1; of a network trained to its end it can be tf.keras.layers.BatchNormalization."""

    def __init__(self, *args, fused=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fused = fused

    def __call__(self, inputs, training=False):
        return super().__call__(inputs, training=bool(training))

    def call(self, inputs, training=None):
        outputs = super().call(inputs, training=training)
        if (
            training
            and self.trainable
            and self.fused is not False
            and inputs.shape.rank == 4
            and self.axis in (-1, 1, 3)
        ):
            axes = [i for i in range(4) if i != self.axis % 4]
            variance = tf.math.reduce_variance(tf.cast(inputs, tf.float32), axes)
            n = tf.cast(tf.size(inputs) // tf.size(variance), tf.float32)
            self.moving_variance.assign_add((1.0 - self.momentum) * variance * (n / tf.maximum(n - 1.0, 1.0) - 1.0))
        return outputs
