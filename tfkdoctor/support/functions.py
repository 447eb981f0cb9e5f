"""K.function, K.gradients and K.learning_phase of Keras 1 and 2, on the symbolic tensors of tf.keras.

tf.keras has neither: a part of a model is a Model of its own, and gradients are taken by tf.GradientTape while values
are computed. These do both behind the old calls, for saliency maps, Grad-CAM, deep dreams and looks into a layer.
"""

import tensorflow as tf

_LEARNING_PHASE = "learning phase"


def learning_phase():  # type: ignore[no-untyped-def]
    """An input for `function`, fed with 1 for training and 0 for inference; `training=` of a call to a model today."""
    return _LEARNING_PHASE


def function(inputs, outputs, updates=None):  # type: ignore[no-untyped-def]
    """A function of a list of arrays that gives a list of arrays; tf.keras.Model(inputs, outputs) without it.

    `updates` are pairs of a variable and its new value, an expression of the inputs or a function that computes it, and
    steps of `optimizer_updates`. As before, nothing else changes with a call: moving averages stay as they are.
    """
    symbolic = [tensor for tensor in inputs if tensor is not _LEARNING_PHASE]
    steps = [update for update in updates or () if isinstance(update, _Step)]
    pairs = [update for update in updates or () if not isinstance(update, _Step)]
    wanted = [*outputs, *(new for _, new in pairs), *(step.loss for step in steps)]
    computed = [i for i, tensor in enumerate(wanted) if isinstance(tensor, tf.keras.KerasTensor)]
    model = tf.keras.Model(symbolic, [wanted[i] for i in computed])

    @tf.function(reduce_retracing=True)
    def run(arrays, training):  # type: ignore[no-untyped-def]
        if not steps:
            return tf.nest.flatten(model(arrays, training=training)), []
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([p.value for step in steps for p in step.params])
            results = tf.nest.flatten(model(arrays, training=training))
        losses = results[len(results) - len(steps) :]
        found = [tape.gradient(x, [p.value for p in s.params]) for s, x in zip(steps, losses, strict=True)]
        return results, found

    def call(values):  # type: ignore[no-untyped-def]
        phase = [v for v, tensor in zip(values, inputs, strict=True) if tensor is _LEARNING_PHASE]
        fed = [v for v, tensor in zip(values, inputs, strict=True) if tensor is not _LEARNING_PHASE]
        arrays = [tf.cast(tf.convert_to_tensor(v), s.dtype) for v, s in zip(fed, symbolic, strict=True)]
        averages = [(v, v.numpy()) for v in model.non_trainable_weights]
        results, slopes = run(arrays, training=bool(phase and phase[0]))
        found = dict(zip(computed, results, strict=True))
        for variable, value in averages:
            variable.assign(value)
        now = [tensor() if callable(tensor) else tensor for tensor in wanted]
        results = [found[i] if i in found else tf.convert_to_tensor(tensor) for i, tensor in enumerate(now)]
        for (variable, _), value in zip(pairs, results[len(outputs) : len(outputs) + len(pairs)], strict=True):
            variable.assign(value)
        for step, gradients_of_step in zip(steps, slopes, strict=True):
            step.optimizer.apply(gradients_of_step, step.params)
        return [result.numpy() for result in results[: len(outputs)]]

    return call


class _Step:
    def __init__(self, optimizer, loss, params):  # type: ignore[no-untyped-def]
        if not isinstance(loss, tf.keras.KerasTensor):
            raise TypeError("the loss of get_updates is no symbolic tensor: compute it with keras.ops")
        self.optimizer, self.loss, self.params = optimizer, loss, list(params)
        optimizer.build(self.params)


def optimizer_updates(optimizer, *given, loss=None, params=None, constraints=None):  # type: ignore[no-untyped-def]
    """The updates that `get_updates` gave K.function: a step of the optimizer down the slope of a symbolic loss.

    It takes (loss, params) as in Keras 2, and (params, constraints, loss) as in Keras 1. Within a function of
    TensorFlow 2 this is `optimizer.apply_gradients` with what a tf.GradientTape finds.
    """
    first = len(given) == 3 or isinstance(given[0] if given else None, list | tuple)
    named = {"loss": loss, "params": params, "constraints": constraints}
    named |= dict(zip(("params", "constraints", "loss") if first else ("loss", "params"), given, strict=False))
    return [_Step(optimizer, named["loss"], named["params"])]  # type: ignore[no-untyped-call]


def gradients(loss, variables):  # type: ignore[no-untyped-def]
    """The symbolic gradients of a symbolic tensor (summed, if it is no scalar), one for each variable.

    Variables are inputs or outputs of layers, or weights. What the loss does not depend on has a gradient of zeros.
    """
    variables = list(variables) if isinstance(variables, list | tuple) else [variables]
    if not isinstance(loss, tf.keras.KerasTensor):  # within a step, where there is a graph still
        if any(isinstance(v, tf.keras.KerasTensor) for v in variables):
            raise TypeError("K.gradients to a symbolic tensor within a step: override train_step, with a GradientTape")
        return tf.gradients(loss, [v.value if isinstance(v, tf.keras.Variable) else v for v in variables])
    tensors = [v for v in variables if isinstance(v, tf.keras.KerasTensor)]
    inputs = {id(i): i for tensor in (loss, *tensors) for i in tf.keras.utils.get_source_inputs(tensor)}
    model = tf.keras.Model(list(inputs.values()), [loss, *tensors])
    return _Gradients(model, variables)(model.inputs)  # type: ignore[no-untyped-call]


class _Gradients(tf.keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, model, variables):  # type: ignore[no-untyped-def]
        super().__init__()
        self.model = model
        self._of = tuple(None if isinstance(v, tf.keras.KerasTensor) else v.value for v in variables)

    def call(self, inputs, training=None):  # type: ignore[no-untyped-def]
        with tf.GradientTape() as tape:
            tape.watch([x for x in inputs if x.dtype.is_floating] + [v.value for v in self.model.weights])
            loss, *tensors = tf.nest.flatten(self.model(inputs, training=training))
        remaining = iter(tensors)
        sources = [next(remaining) if variable is None else variable for variable in self._of]
        found = tape.gradient(loss, sources, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return [tf.convert_to_tensor(gradient) for gradient in found]
