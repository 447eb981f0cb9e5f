"""`layer(x, training=…)` of Keras 1 and 2: the value counts whenever the model runs.

In a model of tf.keras with Keras 3, fit and predict set it anew: dropout that is to work in predict does not, and a
batch normalization that is to keep its averages in fit loses them.
"""

import functools


def with_training(layer, training):  # type: ignore[no-untyped-def]
    """The same layer, which runs with this value of `training`; `layer(x, training=…)` where no model holds it."""
    call = layer.call

    @functools.wraps(call)
    def call_with_training(*args, **kwargs):  # type: ignore[no-untyped-def]
        return call(*args, **kwargs | {"training": training})

    layer.call = call_with_training
    return layer
