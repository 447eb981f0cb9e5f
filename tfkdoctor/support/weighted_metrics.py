"""Metrics of `compile(weighted_metrics=…)` under the names and with the averages of Keras up to 2.2.5.

They were logged as 'weighted_acc', and a sample's weight multiplied its value, where tf.keras logs 'acc' and divides by
the sum of the weights. Of each batch that was the mean, over the share of samples whose weight is not zero.
"""

import tensorflow as tf

_NAMES = {
    "accuracy": "acc",
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}


def weighted_metrics(metrics, loss=None):  # type: ignore[no-untyped-def]
    """What `compile(weighted_metrics=…)` takes, as it was given before; without this, today's names and averages.

    loss: what compile() is given, where it tells which accuracy is meant.
    """
    if isinstance(metrics, dict):
        losses = loss if isinstance(loss, dict) else {}
        return {
            name: weighted_metrics(given, losses.get(name, loss))  # type: ignore[no-untyped-call]
            for name, given in metrics.items()
        }
    if isinstance(metrics, list | tuple):
        return [weighted_metrics(given, loss) for given in metrics]  # type: ignore[no-untyped-call]
    if metrics is None or isinstance(metrics, tf.keras.metrics.Metric):
        return metrics
    return _Weighted(metrics, loss == "binary_crossentropy")  # type: ignore[no-untyped-call]


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _Weighted(tf.keras.metrics.Metric):  # type: ignore[misc]
    def __init__(self, metric, binary=False, name=None, dtype=None):  # type: ignore[no-untyped-def]
        key = _NAMES.get(metric.lower(), metric) if isinstance(metric, str) else metric.__name__
        super().__init__(name=name or f"weighted_{key}", dtype=dtype)
        self.metric, self.binary, self.key = metric, binary, key
        self.total = self.add_weight(name="total", initializer="zeros")
        self.samples = self.add_weight(name="samples", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):  # type: ignore[no-untyped-def]
        y_true, y_pred = tf.convert_to_tensor(y_true), tf.convert_to_tensor(y_pred)
        values = tf.cast(self._function(y_true, y_pred)(y_true, y_pred), self.dtype)  # type: ignore[no-untyped-call]
        count = tf.cast(tf.shape(y_pred)[0], self.dtype)
        if sample_weight is not None:
            weights = tf.cast(sample_weight, self.dtype)
            if weights.shape.rank == 2 and weights.shape[-1] == 1:
                weights = weights[:, 0]
            values = tf.reduce_mean(values, axis=list(range(weights.shape.rank, values.shape.rank)))
            values = values * weights / tf.reduce_mean(tf.cast(weights != 0, self.dtype))
        self.total.assign_add(tf.reduce_mean(values) * count)
        self.samples.assign_add(count)

    def _function(self, y_true, y_pred):  # type: ignore[no-untyped-def]
        if self.key != "acc":
            named = isinstance(self.metric, str)
            return getattr(tf.keras.metrics, self.key, None) or tf.keras.losses.get(self.key) if named else self.metric
        if self.binary or y_pred.shape[-1] == 1:
            return tf.keras.metrics.binary_accuracy
        sparse = y_true.shape.rank < y_pred.shape.rank or y_true.shape[-1] == 1
        return tf.keras.metrics.sparse_categorical_accuracy if sparse else tf.keras.metrics.categorical_accuracy

    def result(self):  # type: ignore[no-untyped-def]
        return tf.math.divide_no_nan(self.total, self.samples)

    def get_config(self):  # type: ignore[no-untyped-def]
        metric = self.metric if isinstance(self.metric, str) else tf.keras.utils.serialize_keras_object(self.metric)
        return super().get_config() | {"metric": metric, "binary": self.binary}

    @classmethod
    def from_config(cls, config):  # type: ignore[no-untyped-def]
        given = config["metric"]
        return cls(
            **config | {"metric": given if isinstance(given, str) else tf.keras.utils.deserialize_keras_object(given)}
        )
