# mypy: ignore-errors
"""`tf.contrib.layers.batch_norm` (slim's too) on graph variables: decay .999, no scale, updates in UPDATE_OPS or, with
`updates_collections=None`, made by the layer itself. tf.keras.layers.BatchNormalization would remove it in eager
code.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_layer import _as_model_variable, _collect, _collections_of, _contrib
from tfkdoctor.support.contrib_outputs import contrib_collect_named_outputs
from tfkdoctor.support.contrib_variable import contrib_model_variable
from tfkdoctor.support.layers_batch_normalization import LayersBatchNormalization, _toward
from tfkdoctor.support.smart_cond import _constant, smart_cond


def _from_zero(variable, value, decay):
    """An operation that moves an average toward a value as if it had no past."""
    with tf1.name_scope("AssignMovingAvg") as name, tf1.variable_scope(variable.op.name, values=[variable, value]):
        dtype, zeros = variable.dtype.base_dtype, tf1.zeros_initializer()
        biased = tf1.get_variable("biased", variable.shape, dtype, zeros, trainable=False)
        step = tf1.get_variable("local_step", [], dtype, zeros, trainable=False)
        new_biased = tf1.assign_sub(biased, (biased - value) * tf1.cast(1.0 - decay, dtype))
        new_step = tf1.assign_add(step, 1)
        with tf1.control_dependencies([new_biased, new_step]):
            return tf1.assign(variable, new_biased / (1 - tf1.pow(tf1.cast(decay, dtype), new_step)), name=name)


@_contrib("batch_norm")
def contrib_batch_norm(
    inputs,
    decay=0.999,
    center=True,
    scale=False,
    epsilon=0.001,
    activation_fn=None,
    param_initializers=None,
    param_regularizers=None,
    updates_collections=tf1.GraphKeys.UPDATE_OPS,
    is_training=True,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    batch_weights=None,
    fused=None,
    data_format="NHWC",
    zero_debias_moving_mean=False,
    scope=None,
):
    """`tf.contrib.layers.batch_norm`."""
    inputs = tf1.convert_to_tensor(inputs)
    rank, default = len(inputs.shape), updates_collections == tf1.GraphKeys.UPDATE_OPS and batch_weights is None
    own_fused = fused is not False and batch_weights is None and rank in (2, 4)
    own_fused = own_fused and (zero_debias_moving_mean or rank == 2 or not default)
    getter = None if own_fused else _as_model_variable
    initial, regularizers = param_initializers or {}, param_regularizers or {}
    with tf1.variable_scope(scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=getter) as sc:
        if default and not own_fused and not zero_debias_moving_mean:
            layer = LayersBatchNormalization(
                axis=1 if data_format == "NCHW" else -1,
                momentum=decay,
                epsilon=epsilon,
                center=center,
                scale=scale,
                beta_initializer=initial.get("beta", tf1.zeros_initializer()),
                gamma_initializer=initial.get("gamma", tf1.ones_initializer()),
                moving_mean_initializer=initial.get("moving_mean", tf1.zeros_initializer()),
                moving_variance_initializer=initial.get("moving_variance", tf1.ones_initializer()),
                beta_regularizer=regularizers.get("beta"),
                gamma_regularizer=regularizers.get("gamma"),
                fused=fused,
                trainable=trainable,
                name=sc.name,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = layer(inputs, training=is_training)
            for name in ("moving_mean", "moving_variance", "beta", "gamma"):
                if getattr(layer, name) is not None:
                    _collect(getattr(layer, name), variables_collections, name)
        else:
            channels = inputs.shape.as_list()[1 if data_format == "NCHW" else -1]
            dtype = tf1.float32 if own_fused else inputs.dtype.base_dtype

            def variable(name, initializer, trainable=False):
                return contrib_model_variable(
                    name,
                    [channels],
                    dtype,
                    initial.get(name, initializer),
                    regularizers.get(name) if own_fused else None,
                    trainable,
                    _collections_of(variables_collections, name),
                )

            beta = variable("beta", tf1.zeros_initializer(), trainable) if center else None
            gamma = variable("gamma", tf1.ones_initializer(), trainable) if scale else None
            with tf1.variable_scope(tf1.get_variable_scope()) as local_scope:
                local_scope.set_partitioner(None)
                moving = [
                    variable("moving_mean", tf1.zeros_initializer()),
                    variable("moving_variance", tf1.ones_initializer()),
                ]
            arguments = (inputs, gamma, beta, moving, epsilon, is_training, data_format)

            def move(mean, variance):
                return [
                    (_from_zero if zero_debias_moving_mean else _toward)(moving[0], mean, decay),
                    _toward(moving[1], variance, decay),
                ]

            if own_fused:
                outputs = _fused_batch_norm(*arguments, move, updates_collections)
            else:
                outputs = _plain_batch_norm(*arguments, move, updates_collections, batch_weights)
            outputs.set_shape(inputs.shape)
        outputs = outputs if activation_fn is None else activation_fn(outputs)
        return contrib_collect_named_outputs(outputs_collections, sc.name, outputs)


def _fused_batch_norm(inputs, gamma, beta, moving, epsilon, is_training, data_format, move, updates_collections):
    """By the fused operation, whose variance for the moving average is that of a sample."""
    shape = tf1.shape(inputs)
    channels = moving[0].shape.as_list()[0]
    flat = len(inputs.shape) == 2
    if flat:
        inputs = tf1.reshape(inputs, [-1, channels, 1, 1] if data_format == "NCHW" else [-1, 1, 1, channels])
    gamma = tf1.ones([channels]) if gamma is None else gamma
    beta = tf1.zeros([channels]) if beta is None else beta
    options = {"epsilon": epsilon, "data_format": data_format}
    past = {"mean": moving[0], "variance": moving[1], "is_training": False}
    outputs, mean, variance = smart_cond(
        is_training,
        lambda: tf1.nn.fused_batch_norm(inputs, gamma, beta, **options),
        lambda: tf1.nn.fused_batch_norm(inputs, gamma, beta, **past, **options),
    )
    if _constant(is_training) is not False:
        if updates_collections is None:

            def moved_first():
                with tf1.control_dependencies(move(mean, variance)):
                    return tf1.identity(outputs)

            outputs = smart_cond(is_training, moved_first, lambda: outputs)
        else:
            updates = smart_cond(is_training, lambda: move(mean, variance), lambda: [tf1.identity(v) for v in moving])
            for update in updates:
                tf1.add_to_collections(updates_collections, update.op if _constant(is_training) else update)
    return tf1.reshape(outputs, shape) if flat else outputs


def _plain_batch_norm(
    inputs, gamma, beta, moving, epsilon, is_training, data_format, move, updates_collections, batch_weights
):
    """From the moments of the batch, samples weighted where weights are given."""
    rank = len(inputs.shape)
    channel = 1 if data_format == "NCHW" else rank - 1
    mean, variance = moving
    if _constant(is_training) is not False:
        axes = [axis for axis in range(rank) if axis != channel]
        if batch_weights is None:
            mean, variance = tf1.nn.moments(inputs, axes)
        else:
            weights = tf1.reshape(tf1.convert_to_tensor(batch_weights), [-1] + [1] * (rank - 1))
            mean, variance = tf1.nn.weighted_moments(inputs, axes, weights)
        now = mean, variance

        def moved_first():
            with tf1.control_dependencies(move(*now)):
                return [tf1.identity(value) for value in now]

        if updates_collections is None:
            mean, variance = smart_cond(is_training, moved_first, lambda: [tf1.identity(v) for v in moving])
        else:
            updates = smart_cond(is_training, lambda: move(*now), lambda: [tf1.identity(v) for v in moving])
            for update in updates:
                tf1.add_to_collections(updates_collections, update.op if _constant(is_training) else update)
            mean, variance = smart_cond(
                is_training,
                lambda: [tf1.identity(value) for value in now],
                lambda: [tf1.identity(v) for v in moving],
            )
    if channel != rank - 1:
        shape = [1, -1] + [1] * (rank - 2)
        mean, variance, beta, gamma = (
            None if value is None else tf1.reshape(value, shape) for value in (mean, variance, beta, gamma)
        )
    return tf1.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
