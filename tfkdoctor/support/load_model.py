"""Loading whole models from a file of any name, as Keras 1 and 2 did.

Keras 3 reads HDF5 files by their ending only; it does not understand losses and metrics that were given by a short
name ('mse'), cannot go on training a model that it has loaded from HDF5 ("Unknown variable"), does not build most
models of Keras 2, and knows other arguments of optimizers. Here the file's own record of `compile` is used.
"""

import contextlib
import json
import os
import sys
import warnings

import h5py
import numpy as np
import tensorflow as tf

from tfkdoctor.support.keras1_files import _check_sizes_of_keras_1, _layer_of_keras_1, _set_weights_of_keras_1
from tfkdoctor.support.load_weights import _under_ending, load_weights
from tfkdoctor.support.model_from_json import _known, _model_from


def load_model(filepath, custom_objects=None, compile=True):
    """Load a model, compiled if it was; for files of Keras 3 (`.keras`) it is tf.keras.models.load_model."""
    filepath, scope = os.fspath(filepath), sys._getframe(1).f_globals
    if not h5py.is_hdf5(filepath):
        objects = _known(custom_objects, scope)
        with _under_ending(filepath, ".keras") as path:
            return tf.keras.models.load_model(path, objects, compile, safe_mode=False)
    with h5py.File(filepath, "r") as file:
        version = _text(file.attrs.get("keras_version", "1"))
        config = json.loads(_text(file.attrs["model_config"]))
        training = json.loads(_text(file.attrs.get("training_config", "null"))) if compile else None
        state = _optimizer_state(file)
        first = version.startswith(("0.", "1.")) or version == "1"
        model = _model_from(_layer_of_keras_1(config) if first else config, custom_objects, scope)
        if first:
            _check_sizes_of_keras_1(model, config)
            _set_weights_of_keras_1(model, file["model_weights"])
    if not first:
        load_weights(model, filepath)
    if training is not None:
        own = tf.keras.utils.custom_object_scope(custom_objects) if custom_objects else contextlib.nullcontext()
        with own:  # it would hide the scope that the program is in
            model.compile(**_compile_arguments(training, custom_objects or {}))
        _restore(model, state, first or version.startswith("2."))
    return model


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


def _compile_arguments(training, custom_objects):
    def objects(saved, deserialize):
        if isinstance(saved, str):
            known = tf.keras.utils.get_registered_object(saved, custom_objects)
            return _NAMES_TODAY.get(saved, saved) if known is None else known
        if isinstance(saved, dict) and "class_name" in saved:
            return deserialize(saved)
        if isinstance(saved, dict):
            return {name: objects(one, deserialize) for name, one in saved.items()}
        if isinstance(saved, list | tuple):
            return [objects(one, deserialize) for one in saved]
        return saved

    return {
        "optimizer": tf.keras.optimizers.deserialize(_modern_optimizer(training["optimizer_config"])),
        "loss": objects(training.get("loss"), tf.keras.losses.deserialize),
        "metrics": objects(training.get("metrics"), tf.keras.metrics.deserialize),
        "weighted_metrics": objects(training.get("weighted_metrics"), tf.keras.metrics.deserialize),
        "loss_weights": training.get("loss_weights"),
    }


_NAMES_TODAY = {
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
    "cosine": "cosine_similarity",
    "cosine_proximity": "cosine_similarity",
}


def _modern_optimizer(saved):
    """The configuration of an optimizer of Keras 1 or 2 as Keras 3 wants it."""
    config = dict(saved["config"])
    if "lr" not in config or not hasattr(tf.keras.optimizers, saved["class_name"]):
        return saved
    rate, decay = config.pop("lr"), config.pop("decay", 0.0)
    if decay:
        rate = tf.keras.optimizers.schedules.InverseTimeDecay(rate, decay_steps=1, decay_rate=decay)
        rate = tf.keras.optimizers.schedules.serialize(rate)
    config["learning_rate"] = rate
    if config.get("epsilon", 0) is None:
        config.pop("epsilon")
    if "clipnorm" in config:
        config["global_clipnorm"] = config.pop("clipnorm")
    config.pop("schedule_decay", None)
    return {**saved, "config": config}


def _optimizer_state(file):
    if "optimizer_weights" not in file:
        return {}
    group = file["optimizer_weights"]
    names = [_text(name) for name in group.attrs["weight_names"]]
    return {name: np.asarray(group[name]) for name in names}


def _restore(model, state, old):
    """Give the optimizer the state that it was saved with; one whose variables are others begins anew.

    What Keras 3 saved before the first step is no more than that step and the rate.
    """
    optimizer = model.optimizer
    optimizer.build(model.trainable_variables)
    values = list(state.values())
    shapes = [tuple(variable.shape) for variable in optimizer.variables]
    if [value.shape for value in values] == (shapes if old else shapes[: len(values)]):
        for variable, value in zip(optimizer.variables, values, strict=False):
            variable.assign(value)
    elif values and old:
        _restore_old(optimizer, values, len(model.trainable_variables))


def _restore_old(optimizer, values, count):
    """The state as Keras 2 kept it: the step, then each kind of moment for all weights."""
    if values[0].shape == ():
        optimizer.iterations.assign(int(values[0]))
        values = values[1:]
    pairs = []  # type: ignore[var-annotated]
    for number, kind in enumerate(_MOMENTS.get(type(optimizer).__name__, ())):
        moments = [variable for variable in optimizer.variables if variable.path.endswith(kind)]
        pairs += zip(moments, values[number * count : (number + 1) * count], strict=False)
    if any(tuple(variable.shape) != value.shape for variable, value in pairs):  # gates that Keras 1 kept apart
        warnings.warn("the optimizer's state in this file is of other weights: it begins anew", stacklevel=4)
        return
    for variable, value in pairs:
        variable.assign(value)


_MOMENTS = {"Adam": ("_momentum", "_velocity"), "SGD": ("_momentum",), "RMSprop": ("_velocity",)}
