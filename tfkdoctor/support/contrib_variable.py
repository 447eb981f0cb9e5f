# mypy: ignore-errors
"""`tf.contrib.framework.variable` and `model_variable` (slim's too): variables that a scope names, in collections of
one's own. tf.compat.v1.get_variable would remove them.
"""

import functools

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.arg_scope import add_arg_scope


@add_arg_scope
def contrib_variable(
    name,
    shape=None,
    dtype=None,
    initializer=None,
    regularizer=None,
    trainable=True,
    collections=None,
    caching_device=None,
    device=None,
    partitioner=None,
    custom_getter=None,
    use_resource=None,
):
    """`tf.contrib.framework.variable`: a variable on a device and in collections."""
    getter = tf1.get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=tf1.get_variable_scope().reuse)
    with tf1.device(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=list(dict.fromkeys(collections or [tf1.GraphKeys.GLOBAL_VARIABLES])),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
        )


@add_arg_scope
def contrib_model_variable(
    name,
    shape=None,
    dtype=tf1.float32,
    initializer=None,
    regularizer=None,
    trainable=True,
    collections=None,
    caching_device=None,
    device=None,
    partitioner=None,
    custom_getter=None,
    use_resource=None,
):
    """`tf.contrib.framework.model_variable`: a variable that MODEL_VARIABLES holds too."""
    keys = [*(collections or []), tf1.GraphKeys.GLOBAL_VARIABLES, tf1.GraphKeys.MODEL_VARIABLES]
    return contrib_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=keys,
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
    )
