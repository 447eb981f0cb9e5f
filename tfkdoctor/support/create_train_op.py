# mypy: ignore-errors
"""`slim.learning.create_train_op`: a loss that takes a training step where it is run."""

import tensorflow.compat.v1 as tf1

_GLOBAL_STEP = object()


def clip_gradient_norms(gradients_to_variables, max_norm):
    """`slim.learning.clip_gradient_norms`: each gradient by its own norm."""

    def clipped(gradient):
        if isinstance(gradient, tf1.IndexedSlices):
            values = tf1.clip_by_norm(gradient.values, max_norm)
            return tf1.IndexedSlices(values, gradient.indices, gradient.dense_shape)
        return gradient if gradient is None else tf1.clip_by_norm(gradient, max_norm)

    return [(clipped(gradient), variable) for gradient, variable in gradients_to_variables]


def multiply_gradients(grads_and_vars, gradient_multipliers):
    """`slim.learning.multiply_gradients`: by the variable or the name of its operation."""
    factors = {getattr(getattr(key, "op", None), "name", key): by for key, by in gradient_multipliers.items()}

    def multiplied(gradient, variable):
        if variable.op.name not in factors:
            return gradient
        by = tf1.convert_to_tensor(factors[variable.op.name], dtype=gradient.dtype)
        if isinstance(gradient, tf1.IndexedSlices):
            return tf1.IndexedSlices(gradient.values * by, gradient.indices, gradient.dense_shape)
        return gradient * by

    return [(multiplied(gradient, variable), variable) for gradient, variable in grads_and_vars]


def create_train_op(
    total_loss,
    optimizer,
    global_step=_GLOBAL_STEP,
    update_ops=None,
    variables_to_train=None,
    clip_gradient_norm=0,
    summarize_gradients=False,
    gate_gradients=tf1.train.Optimizer.GATE_OP,
    aggregation_method=None,
    colocate_gradients_with_ops=False,
    gradient_multipliers=None,
    check_numerics=True,
):
    """`slim.learning.create_train_op`: the loss after UPDATE_OPS and a step of the optimizer."""
    if global_step is _GLOBAL_STEP:
        global_step = tf1.train.get_or_create_global_step()
    update_ops = tf1.get_collection(tf1.GraphKeys.UPDATE_OPS) if update_ops is None else list(update_ops)
    with tf1.control_dependencies(update_ops):
        total_loss = tf1.identity(total_loss)
    pairs = optimizer.compute_gradients(
        total_loss,
        tf1.trainable_variables() if variables_to_train is None else variables_to_train,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if gradient_multipliers:
        pairs = multiply_gradients(pairs, gradient_multipliers)
    if clip_gradient_norm > 0:
        pairs = clip_gradient_norms(pairs, clip_gradient_norm)
    if summarize_gradients:
        for gradient, variable in pairs:
            if gradient is not None:
                values = getattr(gradient, "values", gradient)
                tf1.summary.histogram(variable.op.name + "_gradient", values)
                tf1.summary.scalar(variable.op.name + "_gradient_norm", tf1.global_norm([values]))
    step = optimizer.apply_gradients(pairs, global_step=global_step)
    if check_numerics:
        total_loss = tf1.check_numerics(total_loss, "LossTensor is inf or nan")
    with tf1.control_dependencies([step]):
        train_op = tf1.identity(total_loss, name="train_op")
    if all(train_op is not each for each in tf1.get_collection(tf1.GraphKeys.TRAIN_OP)):
        tf1.add_to_collection(tf1.GraphKeys.TRAIN_OP, train_op)
    return train_op
