# mypy: ignore-errors
"""`tf.contrib.layers.optimize_loss`: one training step by an optimizer's name, class or object, with decay, noise,
multipliers, clipping and summaries. An optimizer of tf.compat.v1.train would remove it.
"""

import tensorflow.compat.v1 as tf1

_OPTIMIZERS = {
    "Adagrad": tf1.train.AdagradOptimizer,
    "Adam": tf1.train.AdamOptimizer,
    "Ftrl": tf1.train.FtrlOptimizer,
    "Momentum": lambda learning_rate: tf1.train.MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": tf1.train.RMSPropOptimizer,
    "SGD": tf1.train.GradientDescentOptimizer,
}


def _scaled(gradient, factor):
    if gradient is None or factor is None:
        return gradient
    factor = tf1.cast(factor, gradient.dtype)
    if isinstance(gradient, tf1.IndexedSlices):
        return tf1.IndexedSlices(gradient.values * factor, gradient.indices, gradient.dense_shape)
    return gradient * factor


def _noisy(gradient, scale):
    sparse = isinstance(gradient, tf1.IndexedSlices)
    shape = gradient.dense_shape if sparse else gradient.shape
    return gradient + tf1.truncated_normal(shape) * scale


def _optimizer(optimizer, rate):
    if isinstance(optimizer, str):
        return _OPTIMIZERS[optimizer](learning_rate=rate)
    if isinstance(optimizer, type) and issubclass(optimizer, tf1.train.Optimizer):
        return optimizer(learning_rate=rate)
    if isinstance(optimizer, tf1.train.Optimizer):
        return optimizer
    return optimizer() if rate is None else optimizer(rate)


def optimize_loss(
    loss,
    global_step,
    learning_rate,
    optimizer,
    gradient_noise_scale=None,
    gradient_multipliers=None,
    clip_gradients=None,
    learning_rate_decay_fn=None,
    update_ops=None,
    variables=None,
    name=None,
    summaries=None,
    colocate_gradients_with_ops=False,
    increment_global_step=True,
):
    """`tf.contrib.layers.optimize_loss`: the loss, which takes the step where it is run."""
    loss = tf1.convert_to_tensor(loss)
    global_step = tf1.train.get_global_step() if global_step is None else global_step
    summaries = ["loss", "learning_rate", "global_gradient_norm"] if summaries is None else summaries
    with tf1.variable_scope(name, "OptimizeLoss", [loss, global_step]):
        with tf1.control_dependencies(tf1.get_collection("update_ops") if update_ops is None else list(update_ops)):
            loss = tf1.identity(loss)
        rate = learning_rate
        if isinstance(rate, float):
            initial = tf1.constant_initializer(rate)
            rate = tf1.get_variable("learning_rate", [], trainable=False, initializer=initial)
        if rate is not None and learning_rate_decay_fn is not None:
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in summaries:
                tf1.summary.scalar("learning_rate", rate)
        optimizer = _optimizer(optimizer, rate)
        pairs = optimizer.compute_gradients(
            loss,
            tf1.trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gradient_noise_scale is not None:
            pairs = [(g if g is None else _noisy(g, gradient_noise_scale), v) for g, v in pairs]
        if gradient_multipliers is not None:
            by_name = {getattr(key, "name", key): factor for key, factor in gradient_multipliers.items()}
            pairs = [(_scaled(gradient, by_name.get(variable.name)), variable) for gradient, variable in pairs]
        norms = "global_gradient_norm" in summaries or "gradient_norm" in summaries
        if norms:
            tf1.summary.scalar("global_norm/gradient_norm", tf1.global_norm([g for g, _ in pairs]))
        if isinstance(clip_gradients, float):
            gradients, clipped = zip(*pairs, strict=True)
            pairs = list(zip(tf1.clip_by_global_norm(gradients, clip_gradients)[0], clipped, strict=True))
        elif clip_gradients is not None:
            pairs = clip_gradients(pairs)
        if "loss" in summaries:
            tf1.summary.scalar("loss", loss)
        for gradient, variable in pairs:
            values = getattr(gradient, "values", gradient)
            if values is not None and "gradients" in summaries:
                tf1.summary.histogram("gradients/" + variable.name.replace(":", "_"), values)
            if values is not None and "gradient_norm" in summaries:
                tf1.summary.scalar("gradient_norm/" + variable.name.replace(":", "_"), tf1.global_norm([values]))
        if clip_gradients is not None and norms:
            tf1.summary.scalar("global_norm/clipped_gradient_norm", tf1.global_norm([g for g, _ in pairs]))
        step = optimizer.apply_gradients(pairs, global_step if increment_global_step else None, name="train")
        with tf1.control_dependencies([step]):
            return tf1.identity(loss)
