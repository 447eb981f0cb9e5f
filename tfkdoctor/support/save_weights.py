"""Saving weights as Keras 1 and 2 did: as HDF5, under any name of a file.

Keras 3 takes only names that end in `.weights.h5`, and writes another format under them, which cannot be loaded
by the names of layers. Here the file has the old format: what is saved keeps its name, Keras 2 and `h5py` read it
as before, and so does `load_weights` of Keras 3 if the name ends in `.h5` or `.hdf5`.
"""

import os

import h5py
import numpy as np
import tensorflow as tf


def save_weights(model, filepath, overwrite=True):
    """Write all weights of a model; it is `model.save_weights(…)` where the name ends in `.weights.h5`."""
    filepath = os.fspath(filepath)
    if not overwrite and os.path.exists(filepath) and not _may_overwrite(filepath):
        return
    with h5py.File(filepath, "w") as file:
        _write_names(file, "layer_names", [layer.name for layer in model.layers])
        file.attrs["backend"] = tf.keras.backend.backend().encode()
        file.attrs["keras_version"] = tf.keras.__version__.encode()
        for layer in model.layers:
            weights = [*layer.trainable_weights, *layer.non_trainable_weights]
            _write_group(file.require_group(layer.name), weights)
        inside = {id(weight) for layer in model.layers for weight in layer.weights}
        own = [weight for weight in model.weights if id(weight) not in inside]
        if own:  # of a subclass, beside its layers
            _write_group(file.create_group("top_level_model_weights"), own)


def _may_overwrite(filepath):
    return input(f"[WARNING] {filepath} already exists - overwrite? [y/n]").strip().lower() == "y"


def _write_group(group, weights):
    names = []
    for weight in weights:
        name = f"{weight.path}:0"
        while name in group:
            name += "_"  # Keras 3 gives the same path to weights of equal layers within a layer
        group.create_dataset(name, data=np.asarray(weight))
        names.append(name)
    _write_names(group, "weight_names", names)


def _write_names(group, attribute, names):
    """Names as one attribute, or as several where HDF5's limit for one would be passed."""
    data = np.array([name.encode() for name in names])
    parts = -(-data.nbytes // 64000) or 1
    if parts == 1:
        group.attrs[attribute] = [name.encode() for name in names]
        return
    for number, part in enumerate(np.array_split(data, parts)):
        group.attrs[f"{attribute}{number}"] = part
