"""Loading Lambda layers with the names that their functions use.

Keras 2 saved any function of a Lambda with its code, and ran it beside its own `K` and `np` and the custom objects.
Keras 3 saves the code of a lambda only, and runs it without any names.
"""

import codecs
import importlib
import marshal
import types

import tensorflow as tf


def _lambda_layer(scope):
    """A class to load Lambda layers with: names in their functions mean what they mean in `scope`."""
    scope = {"K": tf.keras.backend, "tf": tf, **scope}

    class Lambda(tf.keras.layers.Lambda):
        @classmethod
        def from_config(cls, config, custom_objects=None, **_):
            names = {**scope, **tf.keras.utils.get_custom_objects(), **(custom_objects or {})}
            for key in ("function_type", "output_shape_type", "module", "output_shape_module"):
                config.pop(key, None)
            for key in ("function", "output_shape", "mask"):
                if isinstance(config.get(key), dict):
                    config[key] = _loaded_function(config[key], names)
                elif key == "function" and isinstance(config[key], str):
                    config[key] = names[config[key]]
            if isinstance(config.get("output_shape"), list):
                config["output_shape"] = tuple(config["output_shape"])
            if "arguments" in config:
                config["arguments"] = tf.keras.utils.deserialize_keras_object(config["arguments"])
            return tf.keras.layers.Lambda(**config)

    return Lambda


def _loaded_function(saved, names):
    if saved["class_name"] == "__lambda__":
        parts = saved["config"]
        code = marshal.loads(codecs.decode(parts["code"].encode(), "base64"))
        cells = tuple(types.CellType(value) for value in parts["closure"] or ())
        return types.FunctionType(code, names, code.co_name, tuple(parts["defaults"] or ()), cells)
    name = saved["config"]
    if isinstance(name, str) and name in names:
        return names[name]
    if isinstance(name, str) and saved.get("module"):
        return getattr(importlib.import_module(saved["module"]), name)
    return tf.keras.utils.deserialize_keras_object(saved)
