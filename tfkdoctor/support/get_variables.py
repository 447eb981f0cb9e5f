# mypy: ignore-errors
"""`tf.contrib.framework.get_variables` and its kind: variables of a collection, by scope and suffix."""

import tensorflow as tf


def get_variables(scope=None, suffix=None, collection="variables"):
    """The variables of a collection whose names begin with a scope and end with a suffix."""
    if isinstance(scope, tf.compat.v1.VariableScope):
        scope = scope.name
    if suffix is not None:
        scope = (scope or "") + ".*" + (suffix if ":" in suffix else suffix + ":")
    return tf.compat.v1.get_collection(collection, scope)
