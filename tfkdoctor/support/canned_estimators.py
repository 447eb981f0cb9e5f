# mypy: ignore-errors
"""`tf.estimator`'s linear and deep models over feature columns. Estimators left TensorFlow with 2.16.

A tf.keras model on preprocessing layers would remove them.
"""

import math

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.canned_heads import _canned_head, _RegressionHead
from tfkdoctor.support.Estimator import Estimator
from tfkdoctor.support.layers_batch_normalization import LayersBatchNormalization
from tfkdoctor.support.layers_dense import LayersDense
from tfkdoctor.support.layers_dropout import layers_dropout
from tfkdoctor.support.ModeKeys import ModeKeys


class LinearClassifier(Estimator):
    """`tf.estimator.LinearClassifier`."""

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        warm_start_from=None,
        loss_reduction=tf1.losses.Reduction.SUM,
        sparse_combiner="sum",
    ):
        head = _canned_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = _linear_model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearRegressor(Estimator):
    """`tf.estimator.LinearRegressor`."""

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        label_dimension=1,
        weight_column=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        warm_start_from=None,
        loss_reduction=tf1.losses.Reduction.SUM,
        sparse_combiner="sum",
    ):
        head = _RegressionHead(label_dimension, weight_column, loss_reduction)
        model_fn = _linear_model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNClassifier(Estimator):
    """`tf.estimator.DNNClassifier`."""

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Adagrad",
        activation_fn=tf1.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=tf1.losses.Reduction.SUM,
        batch_norm=False,
    ):
        head = _canned_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        deep = _deep(hidden_units, feature_columns, activation_fn, dropout, input_layer_partitioner, batch_norm)
        super().__init__(_deep_model_fn(head, deep, optimizer), model_dir, config, warm_start_from=warm_start_from)


class DNNRegressor(Estimator):
    """`tf.estimator.DNNRegressor`."""

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        label_dimension=1,
        weight_column=None,
        optimizer="Adagrad",
        activation_fn=tf1.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=tf1.losses.Reduction.SUM,
        batch_norm=False,
    ):
        head = _RegressionHead(label_dimension, weight_column, loss_reduction)
        deep = _deep(hidden_units, feature_columns, activation_fn, dropout, input_layer_partitioner, batch_norm)
        super().__init__(_deep_model_fn(head, deep, optimizer), model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedClassifier(Estimator):
    """`tf.estimator.DNNLinearCombinedClassifier`."""

    def __init__(
        self,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf1.nn.relu,
        dnn_dropout=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=tf1.losses.Reduction.SUM,
        batch_norm=False,
        linear_sparse_combiner="sum",
    ):
        head = _canned_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        deep = _deep(
            dnn_hidden_units, dnn_feature_columns, dnn_activation_fn, dnn_dropout, input_layer_partitioner, batch_norm
        )
        wide = linear_feature_columns, linear_sparse_combiner
        model_fn = _combined_model_fn(head, wide, linear_optimizer, deep, dnn_optimizer)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedRegressor(Estimator):
    """`tf.estimator.DNNLinearCombinedRegressor`."""

    def __init__(
        self,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf1.nn.relu,
        dnn_dropout=None,
        label_dimension=1,
        weight_column=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=tf1.losses.Reduction.SUM,
        batch_norm=False,
        linear_sparse_combiner="sum",
    ):
        head = _RegressionHead(label_dimension, weight_column, loss_reduction)
        deep = _deep(
            dnn_hidden_units, dnn_feature_columns, dnn_activation_fn, dnn_dropout, input_layer_partitioner, batch_norm
        )
        wide = linear_feature_columns, linear_sparse_combiner
        model_fn = _combined_model_fn(head, wide, linear_optimizer, deep, dnn_optimizer)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


def _linear_model_fn(head, columns, optimizer, partitioner, combiner):
    def model_fn(features, labels, mode):
        with tf1.variable_scope("linear", partitioner=partitioner or _one_part(64 << 20)):
            logits = _linear_logits(features, columns, head.logits_dimension, combiner)
            rate = min(0.2, 1.0 / math.sqrt(len(columns)))
            # as the original has it: a name alone, Ftrl's too, means a rate of 0.2
            chosen = _canned_optimizer(optimizer or tf1.train.FtrlOptimizer(rate), 0.2)
            step = tf1.train.get_global_step()
            return head.spec(features, mode, logits, labels, lambda loss: chosen.minimize(loss, global_step=step))

    return model_fn


def _deep_model_fn(head, deep, optimizer):
    def model_fn(features, labels, mode):
        features = features if isinstance(features, dict) else {"": features}
        chosen = _canned_optimizer(optimizer, 0.05)
        with tf1.variable_scope("dnn", partitioner=_one_part(256 << 10)):
            logits = deep(features, mode, head.logits_dimension)
            step = tf1.train.get_global_step()
            return head.spec(features, mode, logits, labels, lambda loss: chosen.minimize(loss, global_step=step))

    return model_fn


def _combined_model_fn(head, wide, linear_optimizer, deep, dnn_optimizer):
    columns, combiner = wide
    if not columns and deep is None:
        raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")

    def model_fn(features, labels, mode):
        trained, logits = [], []
        if deep is not None:
            chosen = _canned_optimizer(dnn_optimizer, 0.001)
            with tf1.variable_scope("dnn", partitioner=_one_part(256 << 10)) as scope:
                logits.append(deep(features, mode, head.logits_dimension))
            trained.append((chosen, scope.name))
        if columns:
            chosen = _canned_optimizer(linear_optimizer, min(0.005, 1.0 / math.sqrt(len(columns))))
            with tf1.variable_scope("linear", partitioner=_one_part(64 << 20)) as scope:
                logits.append(_linear_logits(features, columns, head.logits_dimension, combiner))
                _canned_summaries(logits[-1], scope.name)
            trained.append((chosen, scope.name))

        def train_op_fn(loss):
            key = tf1.GraphKeys.TRAINABLE_VARIABLES
            steps = [one.minimize(loss, var_list=tf1.get_collection(key, scope=name)) for one, name in trained]
            with tf1.control_dependencies([tf1.group(*steps)]):
                return tf1.assign_add(tf1.train.get_global_step(), 1).op

        return head.spec(features, mode, logits[0] if len(logits) == 1 else logits[0] + logits[1], labels, train_op_fn)

    return model_fn


def _linear_logits(features, columns, units, combiner):
    if not isinstance(features, dict):
        raise ValueError(f"features should be a dictionary of `Tensor`s. Given type: {type(features)}")
    made = {}
    logits = tf1.feature_column.linear_model(
        features, list(columns), units=units, sparse_combiner=combiner, cols_to_vars=made
    )
    bias = made.pop("bias")
    if units > 1:
        tf1.summary.histogram("bias", bias)
    else:
        tf1.summary.scalar("bias", bias[0][0])
    weights = [tf1.reshape(one, [-1]) for several in made.values() for one in several]
    tf1.summary.scalar("fraction_of_zero_weights", tf1.nn.zero_fraction(tf1.concat(weights, 0)))
    return logits


def _deep(hidden_units, columns, activation, dropout, partitioner, batch_norm):
    """A function from features to logits; None where there are no columns."""
    if not columns:
        return None
    if not hidden_units:
        raise ValueError("hidden units must be defined where feature columns are.")

    def deep(features, mode, units):
        training = mode == ModeKeys.TRAIN
        with tf1.variable_scope("input_from_feature_columns", partitioner=partitioner or _one_part(64 << 20)):
            net = tf1.feature_column.input_layer(features, list(columns))
        first = tf1.glorot_uniform_initializer
        for number, size in enumerate(hidden_units):
            with tf1.variable_scope(f"hiddenlayer_{number}") as scope:
                net = LayersDense(size, activation, kernel_initializer=first(), name=scope, _scope=scope)(net)
            if dropout is not None and training:
                net = layers_dropout(net, rate=dropout, training=True)
            if batch_norm:
                name = f"batchnorm_{number}"
                net = LayersBatchNormalization(momentum=0.999, name=name, _scope=name)(net, training=training)
            _canned_summaries(net, scope.name)
        with tf1.variable_scope("logits") as scope:
            logits = LayersDense(units, kernel_initializer=first(), name=scope, _scope=scope)(net)
        _canned_summaries(logits, scope.name)
        return logits

    return deep


def _one_part(smallest):
    """What variables were split by among parameter servers; there are none, and names of slots show it all the same."""
    return tf1.min_max_variable_partitioner(max_partitions=0, min_slice_size=smallest)


def _canned_summaries(tensor, tag):
    tf1.summary.scalar(f"{tag}/fraction_of_zero_values", tf1.nn.zero_fraction(tensor))
    tf1.summary.histogram(f"{tag}/activation", tensor)


def _canned_optimizer(optimizer, rate):
    """An optimizer by its name, or what a function without arguments makes."""
    known = {
        "Adagrad": tf1.train.AdagradOptimizer,
        "Adam": tf1.train.AdamOptimizer,
        "Ftrl": tf1.train.FtrlOptimizer,
        "RMSProp": tf1.train.RMSPropOptimizer,
        "SGD": tf1.train.GradientDescentOptimizer,
    }
    if isinstance(optimizer, str):
        if optimizer not in known:
            raise ValueError(f"Unsupported optimizer name: {optimizer}. Supported names are: {sorted(known)}")
        return known[optimizer](learning_rate=rate)
    optimizer = optimizer() if callable(optimizer) else optimizer
    if not isinstance(optimizer, tf1.train.Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {optimizer}")
    return optimizer
