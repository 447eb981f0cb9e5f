"""The weights of LSTM, GRU and ConvLSTM2D gate by gate, as Keras 1 held them unless `consume_less='gpu'` was given.

An LSTM had twelve arrays: kernel, recurrent kernel and bias of its gates i, c, f and o. Later Keras has three arrays,
with the gates i, f, c and o beside each other in each.
"""

import numpy as np
import tensorflow as tf

from tfkdoctor.support.ordered_weights import _in_order

_GATES = {"LSTM": (0, 2, 1, 3), "ConvLSTM2D": (0, 2, 1, 3), "GRU": (0, 1, 2)}


def get_gate_weights(layer, *kinds):  # type: ignore[no-untyped-def]
    """`layer.get_weights()` as Keras 1 gave it, for a model too; `kinds` are the layers that are told gate by gate."""
    if not isinstance(layer, tf.keras.layers.Layer):
        return layer.get_weights()
    return [v.numpy() if gate is None else v.numpy()[..., gate] for v, gate in _parts(layer, kinds)]  # type: ignore[no-untyped-call]


def set_gate_weights(layer, weights, *kinds):  # type: ignore[no-untyped-def]
    """`layer.set_weights(weights)` with weights as Keras 1 had them."""
    parts = _parts(layer, kinds) if isinstance(layer, tf.keras.layers.Layer) else []  # type: ignore[no-untyped-call]
    if len(parts) != len(weights):
        layer.set_weights(weights)  # those of a later Keras, or it says what is wrong
        return
    new = {id(v): v.numpy() for v, _ in parts}
    for (v, gate), value in zip(parts, weights, strict=True):
        new[id(v)][... if gate is None else (..., gate)] = np.asarray(value)
    for v in {id(v): v for v, _ in parts}.values():
        v.assign(new[id(v)])


def _parts(layer, kinds):  # type: ignore[no-untyped-def]
    """Each array of old: a variable, and which of its last columns."""
    cells = [(one.cell, _GATES[type(one).__name__]) for one in layer._flatten_layers() if type(one).__name__ in kinds]
    first = {id(cell.kernel): (cell, gates) for cell, gates in cells}
    later = {id(v) for cell, _ in cells for v in (cell.recurrent_kernel, cell.bias)}
    found: list[tuple[object, slice | None]] = []
    for v in _in_order(layer):  # type: ignore[no-untyped-call]
        if id(v) in first:
            cell, gates = first[id(v)]
            size = v.shape[-1] // len(gates)
            columns = [slice(gate * size, (gate + 1) * size) for gate in gates]
            found += [(w, c) for c in columns for w in (v, cell.recurrent_kernel, cell.bias)]
        elif id(v) not in later:
            found.append((v, None))
    return found
