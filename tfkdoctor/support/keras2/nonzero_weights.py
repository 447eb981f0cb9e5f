"""Weighted and masked losses as Keras up to 2.2.5 had them: divided by the share that counts.

With sample or class weights the loss of a batch was divided by the share of weights that are not 0, and with a mask
by the share of time steps that are not masked. tf.keras divides by the number of all samples.
"""

import tensorflow as tf


def nonzero_weights(loss):  # type: ignore[no-untyped-def]
    """The loss (a name, a function or an object) for `compile(loss=…)`; without it, weighted losses are smaller."""
    return _NonzeroWeights(loss)  # type: ignore[no-untyped-call]


def nonzero_arguments(arguments):  # type: ignore[no-untyped-def]
    """The keyword arguments of a compile() with such losses: compile(**nonzero_arguments(settings))."""
    return {k: _nonzero(v) if k == "loss" else v for k, v in arguments.items()}  # type: ignore[no-untyped-call]


def _nonzero(loss):  # type: ignore[no-untyped-def]
    if isinstance(loss, dict):
        return {output: _nonzero(given) for output, given in loss.items()}  # type: ignore[no-untyped-call]
    if isinstance(loss, list | tuple):
        return [_nonzero(given) for given in loss]  # type: ignore[no-untyped-call]
    return None if loss is None else nonzero_weights(loss)  # type: ignore[no-untyped-call]


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _NonzeroWeights(tf.keras.losses.Loss):  # type: ignore[misc]
    def __init__(self, loss, name=None, **kwargs):  # type: ignore[no-untyped-def]
        self.loss = tf.keras.losses.get(loss)
        super().__init__(name=name or getattr(self.loss, "__name__", None), **kwargs)

    def __call__(self, y_true, y_pred, sample_weight=None):  # type: ignore[no-untyped-def]
        y_pred, mask = tf.convert_to_tensor(y_pred), getattr(y_pred, "_keras_mask", None)
        y_true = tf.cast(y_true, y_pred.dtype)
        if y_true.shape.rank is not None and y_true.shape.rank < y_pred.shape.rank:
            y_true = tf.expand_dims(y_true, -1)
        losses = self.call(y_true, y_pred)  # type: ignore[no-untyped-call]
        if sample_weight is None:
            return tf.reduce_mean(losses)
        weights = tf.cast(sample_weight, losses.dtype)
        if weights.shape.rank > losses.shape.rank:
            weights = tf.squeeze(weights, -1)
        losses = tf.reduce_mean(losses, axis=list(range(weights.shape.rank, losses.shape.rank))) * weights
        if mask is not None:  # fit() has multiplied the weights by it
            losses = losses / tf.reduce_mean(tf.cast(mask, losses.dtype))
            weights = tf.reduce_max(tf.abs(weights), axis=list(range(1, weights.shape.rank)))
        return tf.reduce_mean(losses / tf.reduce_mean(tf.cast(tf.not_equal(weights, 0.0), losses.dtype)))

    def call(self, y_true, y_pred):  # type: ignore[no-untyped-def]
        return (self.loss.call if isinstance(self.loss, tf.keras.losses.Loss) else self.loss)(y_true, y_pred)

    def get_config(self):  # type: ignore[no-untyped-def]
        return super().get_config() | {"loss": tf.keras.losses.serialize(self.loss)}
