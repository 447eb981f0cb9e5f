"""`losses.get(name)` and `metrics.get(name)` of Keras 1 and 2: a function that gives one value for each sample.

tf.keras has no loss under some of the names, and metrics.get makes an object that keeps an average.
"""

import tensorflow as tf

from tfkdoctor.support.cosine_proximity import cosine_proximity
from tfkdoctor.support.kullback_leibler_divergence import kullback_leibler_divergence
from tfkdoctor.support.logcosh import logcosh

_METRICS = {"acc": "accuracy", "kld": "kullback_leibler_divergence", "cosine": "cosine_proximity"}
_FUNCTIONS = {
    "logcosh": logcosh,
    "kullback_leibler_divergence": kullback_leibler_divergence,
    "cosine_proximity": cosine_proximity,
}


def loss_by_name(identifier):  # type: ignore[no-untyped-def]
    """What Keras 2 gave for a name of a loss or metric; a function stays what it is.

    It is tf.keras.losses.get(…) for the names that tf.keras has for losses.
    """
    if not isinstance(identifier, str):
        return tf.keras.losses.get(identifier)
    name = _METRICS.get(identifier, identifier)
    found = _FUNCTIONS.get(name)
    if found is None and "accuracy" in name:
        found = getattr(tf.keras.metrics, name, None)
    return found if found is not None else tf.keras.losses.get(name)
