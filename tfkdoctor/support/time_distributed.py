"""Keras 2's TimeDistributed: time steps are more samples.

Where the batch size is open, Keras 1 and 2 gave the wrapped layer all time steps of all samples as one batch; tf.keras
calls it once for each step. A batch normalization in it then takes the statistics of each step for themselves, and
averages as often as there are steps.
"""

import inspect

import tensorflow as tf


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class TimeDistributed(tf.keras.layers.TimeDistributed):  # type: ignore[misc]
    """Keras 2's wrapper; tf.keras.layers.TimeDistributed does for layers that look at each sample alone."""

    def build(self, input_shape):  # type: ignore[no-untyped-def]
        super().build(input_shape)
        self._batch_size = input_shape[0]

    def call(self, inputs, training=None, mask=None):  # type: ignore[no-untyped-def]
        if self._batch_size is not None:
            return super().call(inputs, training=training, mask=mask)
        steps = tf.shape(inputs)[1]
        known = inspect.signature(self.layer.call).parameters
        arguments = {}
        if "training" in known:
            arguments["training"] = training
        if "mask" in known and mask is not None:
            arguments["mask"] = tf.reshape(mask, tf.concat([[-1], tf.shape(mask)[2:]], 0))
        outputs = self.layer.call(tf.reshape(inputs, [-1, *inputs.shape[2:]]), **arguments)
        return tf.reshape(outputs, [-1, steps, *outputs.shape[1:]])
