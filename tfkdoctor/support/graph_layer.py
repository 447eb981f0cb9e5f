# mypy: ignore-errors
"""What `tf.layers` and the cells of `tf.nn.rnn_cell` stood on: layers whose variables come from `get_variable`, so that
variable scopes name, share and regularize them. Keras 3 has no such layers; tf.keras layers would remove these.
"""

import inspect
import re

import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

_ZEROS = tf1.zeros_initializer()
_ONES = tf1.ones_initializer()


def _activation(identifier):
    """A function of tf.nn by its name; anything else as it is."""
    if not isinstance(identifier, str):
        return identifier
    if identifier == "linear":
        return None
    if identifier == "hard_sigmoid":
        return lambda x: tf1.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)
    return getattr(tf1.nn, identifier, None) or getattr(tf1, identifier)


def _initializer(identifier):
    """An initializer by the name that Keras gave it in TensorFlow 1; anything else as it is."""
    if not isinstance(identifier, str):
        return identifier
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", identifier).lower()
    if word in ("zero", "zeros", "one", "ones"):
        return getattr(tf1, word.rstrip("s") + "s_initializer")()
    if word in ("identity", "orthogonal"):
        return getattr(tf1, word + "_initializer")()
    if word in ("uniform", "random_uniform"):
        return tf1.random_uniform_initializer(-0.05, 0.05)
    if word in ("normal", "random_normal"):
        return tf1.random_normal_initializer(stddev=0.05)
    if word == "truncated_normal":
        return tf1.truncated_normal_initializer(stddev=0.05)
    family, _, kind = word.partition("_")
    scale, mode = {"glorot": (1.0, "fan_avg"), "he": (2.0, "fan_in"), "lecun": (1.0, "fan_in")}[family]
    return tf1.variance_scaling_initializer(scale, mode, "truncated_normal" if kind == "normal" else kind)


def _of(initializer, regularizer, constraint):
    """How a variable is made, as `add_weight` takes it."""
    return {"initializer": initializer, "regularizer": regularizer, "constraint": constraint}


def _sizes(value, number):
    """A size for each of so many dimensions, from one or from all of them."""
    return tuple(value) if isinstance(value, list | tuple | tf.TensorShape) else (value,) * number


class GraphLayer:
    """`tf.layers.Layer`: made once, called in a graph, its variables in a variable scope of its own."""

    def __init__(self, trainable=True, name=None, dtype=None, activity_regularizer=None, _scope=None, _reuse=None):
        self.trainable, self.dtype, self.built = trainable, dtype, False
        self.activity_regularizer = activity_regularizer
        self.updates, self.losses = [], []
        self._trainable_weights, self._non_trainable_weights = [], []
        words = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub("^Layers(?=[A-Z])", "", type(self).__name__))
        self._base_name = getattr(name, "name", name) or re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
        self._reuse, self._scope = _reuse, None
        if _scope:
            with tf1.variable_scope(_scope) as self._scope:
                pass

    def _set_scope(self, scope=None):
        if self._scope is None and self._reuse:
            with tf1.variable_scope(self._base_name if scope is None else scope) as self._scope:
                pass
        elif self._scope is None:
            with tf1.variable_scope(scope, default_name=self._base_name) as self._scope:
                pass

    def __call__(self, inputs, *arguments, **keywords):
        self._set_scope(keywords.pop("scope", None))
        reuse = True if self.built else self._reuse
        with (
            tf1.variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope,
            tf1.name_scope(scope.original_name_scope),
        ):
            if "scope" in inspect.signature(self.call).parameters:
                keywords["scope"] = scope
            if isinstance(inputs, np.ndarray | float | int):
                inputs = tf1.convert_to_tensor(inputs)
            if not self.built:
                first = tf.nest.flatten(inputs)[0]
                self.dtype = self.dtype or getattr(first, "dtype", tf1.float32).base_dtype
                self.build(tf.nest.map_structure(lambda tensor: tensor.shape, inputs))
                self.built = True
            outputs = self.call(inputs, *arguments, **keywords)
            if self.activity_regularizer is not None:
                self._add_activity_losses(outputs)
        return outputs

    def apply(self, inputs, *arguments, **keywords):
        return self(inputs, *arguments, **keywords)

    def build(self, input_shape):
        self.built = True

    def call(self, inputs):
        return inputs

    def add_weight(
        self,
        name,
        shape,
        dtype=None,
        initializer=None,
        regularizer=None,
        trainable=True,
        constraint=None,
        use_resource=None,
        partitioner=None,
    ):
        self._set_scope()
        before = len(tf1.global_variables())
        with (
            tf1.variable_scope(self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False) as scope,
            tf1.name_scope(scope.original_name_scope),
        ):
            variable = tf1.get_variable(
                name,
                shape,
                tf1.as_dtype(dtype or self.dtype or tf1.float32),
                initializer=_initializer(initializer),
                trainable=trainable and self.trainable,
                constraint=constraint,
                use_resource=use_resource,
                partitioner=partitioner,
            )
            if regularizer is not None and len(tf1.global_variables()) > before:
                with tf1.name_scope(name + "/Regularizer"):
                    self.add_loss(regularizer(variable))
        self._track(variable)
        return variable

    add_variable = add_weight

    def _track(self, variable):
        trainable = any(variable is each for each in tf1.trainable_variables())
        weights = self._trainable_weights if trainable else self._non_trainable_weights
        if all(variable is not each for each in weights):
            weights.append(variable)

    def add_loss(self, losses, inputs=None):
        for loss in tf.nest.flatten(losses):
            if loss is not None:
                self.losses.append(loss)
                tf1.add_to_collection(tf1.GraphKeys.REGULARIZATION_LOSSES, loss)

    def _add_activity_losses(self, outputs):
        for output in tf.nest.flatten(outputs):
            with tf1.name_scope("ActivityRegularizer"):
                loss = self.activity_regularizer(output)
                self.add_loss(loss / tf1.cast(tf1.shape(output)[0], loss.dtype))

    def add_update(self, updates, inputs=None):
        """Operations for UPDATE_OPS; a layer that is not trainable leaves its statistics alone."""
        for update in tf.nest.flatten(updates):
            self.updates.append(getattr(update, "op", update))
            if self.trainable:
                tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, self.updates[-1])

    @property
    def name(self):
        return self._scope.name.rpartition("/")[2] if self._scope else self._base_name

    @property
    def scope_name(self):
        return self._scope.name

    @property
    def trainable_weights(self):
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self):
        return ([] if self.trainable else self._trainable_weights) + self._non_trainable_weights

    @property
    def weights(self):
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_variables(self):
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        return self.non_trainable_weights

    @property
    def variables(self):
        return self.weights
