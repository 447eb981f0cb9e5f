"""Models from the configuration that Keras 1, 2 or 3 gave them.

Keras 3 does not know the classes in what Keras 2's `to_json` wrote, takes `batch_input_shape` of the first layer of a
Sequential for its shape without the batch, and means another function by 'hard_sigmoid'.
"""

import inspect
import json
import sys

import tensorflow as tf

from tfkdoctor.support.hard_sigmoid import hard_sigmoid
from tfkdoctor.support.lambda_layer import _lambda_layer


def model_from_json(json_string, custom_objects=None):
    """A model from what its `to_json()` gave; for what Keras 3 gave it is tf.keras.models.model_from_json."""
    return _model_from(json.loads(json_string), custom_objects, sys._getframe(1).f_globals)


def model_from_config(config, custom_objects=None):
    """A model from `{"class_name": …, "config": …}`."""
    return _model_from(config, custom_objects, sys._getframe(1).f_globals)


def _model_from(config, custom_objects, scope):
    objects = _known(custom_objects, scope)
    if "module" in config:
        config = json.loads(json.dumps(config), object_hook=_own_lambda)
        with tf.keras.utils.custom_object_scope(objects):
            return tf.keras.models.model_from_json(json.dumps(config), objects)
    objects = {"hard_sigmoid": hard_sigmoid, **objects}
    config = _located(_modern_layer(config), _operations(tf.keras.Operation))
    classes = {"Sequential": tf.keras.Sequential, "Functional": tf.keras.Model, **objects}
    with tf.keras.utils.custom_object_scope(objects):
        return classes[config["class_name"]].from_config(config["config"], custom_objects=objects)


def _known(custom_objects, scope):
    """Custom objects with layers that Keras 3 does not find, or does not run, in what was saved."""
    given = custom_objects or {}
    return {"Lambda": _lambda_layer({**scope, **given}), "ThresholdedReLU": tf.keras.layers.ThresholdedReLU, **given}


def _own_lambda(saved):
    """Let Keras 3 look for the class of a Lambda among the custom objects, and build layers as they are called.

    The text has a list for the tuple of one shape, which a layer takes for the shapes of several inputs.
    """
    if isinstance(saved.get("build_config"), dict):
        shape = saved["build_config"].get("input_shape")
        if isinstance(shape, list) and all(size is None or isinstance(size, int) for size in shape):
            saved = {key: value for key, value in saved.items() if key != "build_config"}
    return {**saved, "registered_name": "Lambda"} if saved.get("class_name") == "Lambda" else saved


def _modern_layer(layer):
    """The configuration of a layer or model of Keras 1 or 2 as Keras 3 wants it; others stay as they are."""
    name, config = layer["class_name"], layer["config"]
    if name == "Sequential":
        config = {"name": "sequential", "layers": config} if isinstance(config, list) else dict(config)
        config["layers"] = _with_input(config["layers"])
        return {**layer, "config": config}
    config = {key: value for key, value in config.items() if key not in _OF_INPUT or _has_argument(name, key)}
    if name == "InputLayer":
        if "batch_input_shape" in config:
            config["batch_shape"] = config.pop("batch_input_shape")
    elif name in ("Model", "Functional") and "layers" in config:
        name = "Functional"
        inner = {one["name"] for one in config["layers"] if one["class_name"] == "Sequential"}
        layers = [_modern_layer(one) for one in config["layers"]]
        config["layers"] = [{**one, "inbound_nodes": _calls(one["inbound_nodes"], inner)} for one in layers]
        config["output_layers"] = _calls(config["output_layers"], inner)
    else:
        config.pop("batch_input_shape", None)
        config = {key: _without_dtype(value) if key.endswith("initializer") else value for key, value in config.items()}
        if isinstance(config.get("layer"), dict):  # of a wrapper
            config["layer"] = _modern_layer(config["layer"])
        if name == "LeakyReLU" and "alpha" in config:
            config["negative_slope"] = float(config.pop("alpha"))
        if name in ("GRU", "GRUCell"):
            config.setdefault("reset_after", False)
        if name in ("SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell"):
            config.pop("implementation", None)
        if config.pop("time_major", False):
            raise ValueError(f"{name}(time_major=True) of tf.keras is no layer of Keras 3: Permute((2, 1)) its input")
    return {**layer, "class_name": name, "config": config}


def _calls(saved, inner):
    """References to calls of layers, `[name, which, output]`; those of a Sequential began with 1 until Keras 3."""
    if isinstance(saved, list) and len(saved) >= 3 and isinstance(saved[0], str):
        return [saved[0], saved[1] - 1, *saved[2:]] if saved[0] in inner and saved[1] else saved
    return [_calls(one, inner) for one in saved] if isinstance(saved, list) else saved


def _without_dtype(saved):
    """What TensorFlow 1.15 wrote of an initializer, without the argument that is none any more."""
    if not isinstance(saved, dict) or not isinstance(saved.get("config"), dict):
        return saved
    return {**saved, "config": {key: value for key, value in saved["config"].items() if key != "dtype"}}


_OF_INPUT = ("input_dtype", "input_dim", "input_length")  # every layer of Keras 1 had them


def _has_argument(name, key):
    """Whether an argument is one of the layer's own, as Embedding's `input_dim`; those of unknown layers may be."""
    cls = getattr(tf.keras.layers, name, None)
    return key in inspect.signature(cls).parameters if inspect.isclass(cls) else key != "input_dtype"


def _with_input(layers):
    """The layers of a Sequential; what the first one says of its input becomes a layer of its own."""
    modern = [_modern_layer(layer) for layer in layers]
    shape = layers[0]["config"].get("batch_input_shape") if layers and isinstance(layers[0]["config"], dict) else None
    if shape is None or layers[0]["class_name"] == "InputLayer":
        return modern
    config = layers[0]["config"]
    dtype = config.get("dtype") or config.get("input_dtype") or "float32"
    batch = {"batch_shape": shape, "dtype": dtype, "name": layers[0]["config"]["name"] + "_input"}
    return [{"class_name": "InputLayer", "config": batch}, *modern]


def _operations(cls):
    """What a model can be made of beside layers, by the name of its class."""
    found = {} if issubclass(cls, tf.keras.layers.Layer) else {cls.__name__: cls}
    for one in cls.__subclasses__():
        found.update(_operations(one))
    return found


def _located(layer, operations):
    """The same configuration, that says of each class which Keras 3 would not find, or not understand, where it is.

    Without a module Keras 3 looks among its layers alone, and takes `mode="add"` of anybody's layer for its function.
    """
    name, config = layer["class_name"], layer["config"]
    if not isinstance(config, dict):
        return layer
    if isinstance(config.get("layers"), list):
        return {**layer, "config": {**config, "layers": [_located(one, operations) for one in config["layers"]]}}
    if isinstance(config.get("layer"), dict) and "class_name" in config["layer"]:
        inner = _located(config["layer"], operations)
        if "module" not in inner:  # a wrapper finds nothing without
            home = {"Sequential": "keras.models", "Functional": "keras.src.models.functional"}
            module = home.get(inner["class_name"], "keras.layers")
            inner = _in_todays_form(inner, module)
        layer = {**layer, "config": {**config, "layer": inner}}
    if name == "Lambda":  # ours, which the custom objects have
        return {**layer, "registered_name": name} if "module" in layer else layer
    if "module" in layer:
        return layer
    if name in operations and not hasattr(tf.keras.layers, name):
        return {**layer, "module": operations[name].__module__, "registered_name": name}
    texts = [value for key, value in config.items() if key != "name" and isinstance(value, str)]
    if any(inspect.isfunction(getattr(tf.keras.layers, text, None)) for text in texts):
        return _in_todays_form(layer, "keras.layers")
    return layer


def _in_todays_form(layer, module):
    """The same configuration as Keras 3 writes it, where a name is its own function and no custom object."""
    ours = {"module": "builtins", "class_name": "function", "config": "tf_legacy>hard_sigmoid"}
    config = dict(layer["config"])
    for key in ("activation", "recurrent_activation"):
        if config.get(key) == "hard_sigmoid":
            config[key] = {**ours, "registered_name": "function"}
    return {**layer, "config": config, "module": module, "registered_name": layer["class_name"]}
