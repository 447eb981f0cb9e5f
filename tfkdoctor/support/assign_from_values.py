# mypy: ignore-errors
"""`tf.contrib.framework.assign_from_values`: an operation that gives variables values, and what to feed it."""

import tensorflow as tf


def assign_from_values(var_names_to_values):
    """(operation, feed_dict): running it gives the variables of these names these values."""
    v1 = tf.compat.v1
    feeds, assigned = {}, []
    for name, value in var_names_to_values.items():
        found = v1.get_collection(v1.GraphKeys.GLOBAL_VARIABLES, name)
        exact = found if len(found) == 1 else [v for v in found if v.op.name == name]
        if not exact:
            raise ValueError(f"Variable {name} wasn't found, or doesn't uniquely identify a variable")
        variable = exact[0]
        given = v1.placeholder(variable.dtype.base_dtype, variable.get_shape(), f"placeholder/{variable.op.name}")
        assigned.append(variable.assign(given))
        feeds[given] = value.reshape(variable.get_shape().as_list())
    return v1.group(*assigned), feeds
