# mypy: ignore-errors
"""`local_variable` and `global_variable` of slim and tf.contrib.framework; tf.compat.v1.Variable would remove them."""

import tensorflow.compat.v1 as tf1


def contrib_local_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """`slim.local_variable`: a variable of this session alone."""
    return tf1.Variable(
        initial_value,
        trainable=False,
        collections=[tf1.GraphKeys.LOCAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


def contrib_global_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """`slim.global_variable`: a variable that is not trained."""
    return tf1.Variable(
        initial_value,
        trainable=False,
        collections=[tf1.GraphKeys.GLOBAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )
