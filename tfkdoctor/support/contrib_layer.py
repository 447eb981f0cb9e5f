# mypy: ignore-errors
"""What the layers of tf.contrib.layers (and slim) share: variables named weights and biases, in MODEL_VARIABLES; then a
normalizer and an activation; outputs in collections under the name of their scope.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.arg_scope import add_arg_scope
from tfkdoctor.support.contrib_outputs import contrib_collect_named_outputs
from tfkdoctor.support.contrib_variable import contrib_model_variable

_NAMES = {
    "kernel": "weights",
    "bias": "biases",
    "depthwise_kernel": "depthwise_weights",
    "pointwise_kernel": "pointwise_weights",
}


def _contrib(name):
    """A function of contrib under the name that it had there, for `repeat` and `stack` name scopes by it."""

    def decorate(function):
        function.__name__ = name
        return add_arg_scope(function)

    return decorate


def _as_model_variable(getter, name, **options):
    """A custom getter: variables of `tf.layers` under contrib's names."""
    front, slash, last = name.rpartition("/")
    known = (
        "shape",
        "dtype",
        "initializer",
        "regularizer",
        "trainable",
        "collections",
        "caching_device",
        "partitioner",
    )
    return contrib_model_variable(
        front + slash + _NAMES.get(last, last),
        custom_getter=getter,
        use_resource=options.get("use_resource"),
        **{key: options[key] for key in known if key in options},
    )


def _collections_of(collections, name):
    return collections.get(name) if isinstance(collections, dict) else collections


def _collect(variable, collections, name):
    for key in _collections_of(collections, name) or []:
        if all(variable is not each for each in tf1.get_collection(key)):
            tf1.add_to_collection(key, variable)


def _order(data_format):
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"


def _apply_layer(
    kind,
    default_scope,
    inputs,
    sizes,
    activation_fn,
    normalizer_fn,
    normalizer_params,
    weights_initializer,
    weights_regularizer,
    biases_initializer,
    biases_regularizer,
    reuse,
    variables_collections,
    outputs_collections,
    trainable,
    scope,
    weights=("kernel",),
    **options,
):
    """A layer of `tf.layers` in a scope of contrib's; `weights` are the attributes of its weights."""
    with tf1.variable_scope(scope, default_scope, [inputs], reuse=reuse, custom_getter=_as_model_variable) as sc:
        inputs = tf1.convert_to_tensor(inputs)
        layer = kind(
            *sizes,
            use_bias=bool(not normalizer_fn and biases_initializer),
            bias_initializer=biases_initializer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=sc.name,
            dtype=inputs.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
            **{each + "_initializer": weights_initializer for each in weights if each + "_initializer" not in options},
            **{each + "_regularizer": weights_regularizer for each in weights if each + "_regularizer" not in options},
            **options,
        )
        outputs = layer(inputs)
        for each in weights:
            _collect(getattr(layer, each if each == "kernel" else each + "_kernel"), variables_collections, "weights")
        if layer.bias is not None:
            _collect(layer.bias, variables_collections, "biases")
        return _finished(outputs, sc, activation_fn, normalizer_fn, normalizer_params, outputs_collections)


def _finished(outputs, scope, activation_fn, normalizer_fn, normalizer_params, outputs_collections):
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return contrib_collect_named_outputs(outputs_collections, scope.name, outputs)
