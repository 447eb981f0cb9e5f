"""Metrics as Keras up to 2.2.5 reported them: the mean over the batches, weighted by their numbers of samples.

For a metric that is a mean over samples that makes no difference; an F-score, a correlation or a count of a batch is
another number than that of tf.keras, which counts every batch alike. The targets have the rank and type of the
predictions, as they had.
"""

import tensorflow as tf


def batch_mean(function, name=None):  # type: ignore[no-untyped-def]
    """A metric of compile from a function of (y_true, y_pred); give the function itself for today's numbers.

    name: the key in the logs; that of the function by itself.
    """
    return _BatchMean(function, name)  # type: ignore[no-untyped-call]


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _BatchMean(tf.keras.metrics.Metric):  # type: ignore[misc]
    def __init__(self, function, name=None, dtype=None):  # type: ignore[no-untyped-def]
        super().__init__(name=name or function.__name__, dtype=dtype)
        self.function = function
        self.total = self.add_weight(name="total", initializer="zeros")
        self.samples = self.add_weight(name="samples", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):  # type: ignore[no-untyped-def]
        y_pred = tf.convert_to_tensor(y_pred)
        y_true = tf.cast(y_true, y_pred.dtype)
        if y_true.shape.rank is not None and y_true.shape.rank < y_pred.shape.rank:
            y_true = tf.expand_dims(y_true, -1)
        values = tf.cast(self.function(y_true, y_pred), self.dtype)
        mask = getattr(y_pred, "_keras_mask", None)
        if mask is not None and values.shape.rank:
            mask = tf.cast(mask, values.dtype)
            values = values * mask / tf.reduce_mean(mask)
        samples = tf.cast(tf.shape(y_pred)[0], self.dtype)
        self.total.assign_add(tf.reduce_mean(values) * samples)
        self.samples.assign_add(samples)

    def result(self):  # type: ignore[no-untyped-def]
        return tf.math.divide_no_nan(self.total, self.samples)

    def get_config(self):  # type: ignore[no-untyped-def]
        return super().get_config() | {"function": tf.keras.utils.serialize_keras_object(self.function)}

    @classmethod
    def from_config(cls, config):  # type: ignore[no-untyped-def]
        return cls(**config | {"function": tf.keras.utils.deserialize_keras_object(config["function"])})
