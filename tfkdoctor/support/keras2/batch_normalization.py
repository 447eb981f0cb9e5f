"""Batch normalization of standalone Keras with TensorFlow.

What tf.keras does differently: its moving averages start at 0 and 1 and approach the data slowly, where Keras 2.1.3
to 2.2.5 corrected them for that start (after one step 3.5, not 0.035); it averages the variance of the batch, not
its unbiased estimate; a frozen layer normalizes with the moving averages, where Keras went on with those of the
batch; and it leaves out masked time steps. Weights, their order and the names of the arguments are the same.
"""

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class BatchNormalization(tf.keras.layers.BatchNormalization):  # type: ignore[misc]
    """Keras 2.2's layer; an unfrozen one that was trained to its end can be tf.keras.layers.BatchNormalization.

    zero_debias: averages are corrected for their start, as in Keras 2.1.3 to 2.2.5, not before and not in 2.3.
    unbiased: the variance is multiplied by n / (n - 1 - epsilon), as from Keras 2.1.4 on.
    fused: that of an image with channels last by n / (n - 1) too, as TensorFlow 1's kernel did from Keras 2.1.3 on.
    frozen_updates: a frozen layer goes on averaging, as in Keras 1 and 2.0 to 2.1.2.
    """

    def __init__(self, *args, zero_debias=True, unbiased=True, fused=True, frozen_updates=False, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(*args, fused=False, **kwargs)  # its own flag, which chooses a kernel of TensorFlow
        self.zero_debias, self.unbiased, self.frozen_updates = zero_debias, unbiased, frozen_updates
        self.as_fused = fused

    def build(self, input_shape):  # type: ignore[no-untyped-def]
        super().build(input_shape)
        # No weights of the layer: Keras saved neither of them, and a loaded model began anew.
        with tf.init_scope():
            steps = tf.Variable(0.0, trainable=False)
            biased = [tf.Variable(tf.zeros(input_shape[self.axis[0]]), trainable=False) for _ in range(2)]
        self._beside = lambda: (steps, biased)

    def call(self, inputs, training=None):  # type: ignore[no-untyped-def]
        training = tf.keras.backend.learning_phase() if training is None else training
        if isinstance(training, int) and not training:
            return super().call(inputs, training=False)
        x = tf.cast(inputs, tf.float32)
        axis = self.axis[0] % x.shape.rank
        mean, variance = tf.nn.moments(x, [i for i in range(x.shape.rank) if i != axis])
        shape = [-1 if i == axis else 1 for i in range(x.shape.rank)]
        parts = [None if p is None else tf.reshape(p, shape) for p in (mean, variance, self.beta, self.gamma)]
        outputs = tf.nn.batch_normalization(x, *parts, variance_epsilon=self.epsilon)
        if self.trainable or self.frozen_updates:
            n = tf.cast(tf.size(x) // tf.size(mean), variance.dtype)
            if self.as_fused and axis == 3 and x.shape.rank == 4:
                variance *= n / tf.maximum(n - 1.0, 1.0)
            if self.unbiased:
                variance *= n / (n - (1.0 + self.epsilon))
            self._average(mean, variance)  # type: ignore[no-untyped-call]
        return tf.cast(outputs, self.compute_dtype)

    def _average(self, mean, variance):  # type: ignore[no-untyped-def]
        rate = tf.constant(1.0 - self.momentum, tf.float32)
        steps, sums = self._beside()  # type: ignore[no-untyped-call]
        steps.assign_add(1.0)
        for average, biased, value in zip(
            (self.moving_mean, self.moving_variance), sums, (mean, variance), strict=True
        ):
            value = tf.cast(value, tf.float32)
            if self.zero_debias:
                biased.assign_sub((biased - value) * rate)
                average.assign(biased / (1.0 - tf.pow(1.0 - rate, steps)))
            else:
                average.assign(average - (average - value) * rate)

    def get_config(self):  # type: ignore[no-untyped-def]
        flags = ("zero_debias", "unbiased", "frozen_updates")
        return super().get_config() | {name: getattr(self, name) for name in flags} | {"fused": self.as_fused}
