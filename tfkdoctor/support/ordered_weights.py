"""The weights of a model in the order of Keras 1 and 2, where a model within it has batch normalizations.

A nested model counted as one layer, whose trainable weights came first: its moving averages stood at its end. Keras 3
gives every layer's weights together.
"""

import tensorflow as tf


def get_weights(layer):  # type: ignore[no-untyped-def]
    """`layer.get_weights()` in Keras 2's order; the same as today's where no model is in another."""
    if not isinstance(layer, tf.keras.layers.Layer):
        return layer.get_weights()
    return [w.numpy() for w in _in_order(layer)]  # type: ignore[no-untyped-call]


def set_weights(layer, weights):  # type: ignore[no-untyped-def]
    """`layer.set_weights(weights)` with weights in Keras 2's order."""
    if not isinstance(layer, tf.keras.layers.Layer):
        return layer.set_weights(weights)
    place = {id(w): n for n, w in enumerate(_in_order(layer))}  # type: ignore[no-untyped-call]
    if len(place) != len(weights):
        return layer.set_weights(weights)  # it says what is wrong
    return layer.set_weights([weights[place[id(w)]] for w in layer.weights])


def _in_order(layer):  # type: ignore[no-untyped-def]
    found = [w for one in getattr(layer, "layers", [layer]) for w in _of_layer(one)]  # type: ignore[no-untyped-call]
    found = list({id(w): w for w in found}.values())
    return found if {id(w) for w in found} == {id(w) for w in layer.weights} else layer.weights


def _of_layer(layer):  # type: ignore[no-untyped-def]
    """Trainable weights, then the others; a layer that is frozen by itself in a trainable model is of the others."""
    trainable, others = _split(layer, layer.trainable)  # type: ignore[no-untyped-call]
    return trainable + others


def _split(layer, follows):  # type: ignore[no-untyped-def]
    frozen = follows and not layer.trainable
    parts = getattr(layer, "layers", None)
    if parts is None:
        own = [w for w in layer.weights if any(w is v for v in _made_trainable(layer))]  # type: ignore[no-untyped-call]
        trainable, others = own, [w for w in layer.weights if not any(w is v for v in own)]
    else:
        split = [_split(part, follows) for part in parts]  # type: ignore[no-untyped-call]
        trainable, others = [w for t, _ in split for w in t], [w for _, o in split for w in o]
    return ([], trainable + others) if frozen else (trainable, others)


def _made_trainable(layer):  # type: ignore[no-untyped-def]
    """What a layer and its parts made as trainable, whether they are frozen now or not."""
    parts = [one for one in layer._flatten_layers() if one is not layer]
    return layer._trainable_variables + [w for one in parts for w in one._trainable_variables]
