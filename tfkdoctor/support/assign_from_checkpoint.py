# mypy: ignore-errors
"""`tf.contrib.framework.assign_from_checkpoint`: an operation that reads variables from a checkpoint."""

import logging

import tensorflow as tf


def assign_from_checkpoint(model_path, var_list, ignore_missing_vars=False):
    """(operation, feed_dict): running it gives variables the values of a checkpoint.

    `var_list` is a list of variables, or a dictionary from names in the checkpoint to a variable or several.
    """
    v1 = tf.compat.v1
    if isinstance(var_list, list | tuple):
        wanted = {}
        for variable in var_list:
            wanted.setdefault(variable.op.name, []).append(variable)
    else:
        wanted = {name: v if isinstance(v, list | tuple) else [v] for name, v in var_list.items()}
    reader = tf.train.load_checkpoint(model_path)
    feeds, assigned = {}, []
    for name, variables in wanted.items():
        if not reader.has_tensor(name):
            if not ignore_missing_vars:
                raise ValueError(f"Checkpoint is missing variable [{name}]")
            logging.warning("Checkpoint is missing variable [%s]", name)
            continue
        value = reader.get_tensor(name)
        for variable in variables:
            if tuple(variable.get_shape().as_list()) != value.shape:
                raise ValueError(f"{name} has the shape {value.shape} in the checkpoint, not {variable.get_shape()}")
            given = v1.placeholder(variable.dtype.base_dtype, value.shape, f"placeholder/{variable.op.name}")
            assigned.append(variable.assign(given))
            feeds[given] = value
    return v1.group(*assigned), feeds
