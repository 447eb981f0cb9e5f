# mypy: ignore-errors
"""`repeat` and `stack` of tf.contrib.layers (slim's too): one layer after another; a loop would remove them."""

import tensorflow.compat.v1 as tf1


def _name_of(layer, default):
    function = layer if hasattr(layer, "__name__") else getattr(layer, "func", layer)
    return getattr(function, "__name__", default)


def contrib_repeat(inputs, repetitions, layer, *args, **kwargs):
    """`tf.contrib.layers.repeat`: the same layer so many times, `scope`_1 and on."""
    scope = kwargs.pop("scope", None)
    with tf1.variable_scope(scope, "Repeat", [inputs]):
        outputs = tf1.convert_to_tensor(inputs)
        for number in range(repetitions):
            name = f"{scope or _name_of(layer, 'repeat')}_{number + 1}"
            outputs = layer(outputs, *args, **{**kwargs, "scope": name})
        return outputs


def contrib_stack(inputs, layer, stack_args, **kwargs):
    """`tf.contrib.layers.stack`: a layer for each of the arguments, `scope`_1 and on."""
    scope = kwargs.pop("scope", None)
    with tf1.variable_scope(scope, "Stack", [inputs]):
        outputs = tf1.convert_to_tensor(inputs)
        for number, arguments in enumerate(stack_args):
            name = f"{scope or _name_of(layer, 'stack')}_{number + 1}"
            arguments = arguments if isinstance(arguments, (list, tuple)) else [arguments]
            outputs = layer(outputs, *arguments, **{**kwargs, "scope": name})
        return outputs
