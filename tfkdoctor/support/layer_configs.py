"""`get_config()` of a Sequential in Keras before 2.2.3: a list with the class and configuration of each layer.

tf.keras gives a dictionary with this list under 'layers', where an input layer comes first.
"""

import tensorflow as tf


def layer_configs(model):  # type: ignore[no-untyped-def]
    """The list, which sequential_from() takes; drop it for model.get_config()["layers"]."""
    config = model.get_config()
    entries = config["layers"] if isinstance(config, dict) and "layers" in config else config
    if entries and entries[0]["class_name"] == "InputLayer":
        shape, entries = entries[0]["config"]["batch_shape"], entries[1:]
        entries[0]["config"]["input_shape"] = tuple(shape[1:])
    return entries


def sequential_from(config, custom_objects=None):  # type: ignore[no-untyped-def]
    """A Sequential of such a list; what Sequential.from_config() takes today goes there."""
    if not isinstance(config, list):
        return tf.keras.Sequential.from_config(config, custom_objects=custom_objects)
    return tf.keras.Sequential([tf.keras.layers.deserialize(entry, custom_objects) for entry in config])
