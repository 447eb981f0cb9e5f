# mypy: ignore-errors
"""`tf.contrib.framework.assign_from_checkpoint_fn`: a function of a session that restores variables."""

import logging

import tensorflow as tf


def assign_from_checkpoint_fn(model_path, var_list, ignore_missing_vars=False, reshape_variables=False):
    """A function that restores variables in the session that it is given; None if the checkpoint has none."""
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        reader = tf.train.load_checkpoint(model_path)
        wanted = var_list if isinstance(var_list, dict) else {v.op.name: v for v in var_list}
        var_list = {name: v for name, v in wanted.items() if reader.has_tensor(name)}
        for name in wanted.keys() - var_list.keys():
            logging.warning("Variable %s missing in checkpoint %s", name, model_path)
    if not var_list:
        logging.warning("No Variables to restore")
        return None
    saver = tf.compat.v1.train.Saver(var_list, reshape=reshape_variables)
    return lambda session: saver.restore(session, model_path)
