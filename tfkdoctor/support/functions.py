"""K.function, K.gradients and K.learning_phase of Keras 1 and 2, on the symbolic tensors of tf.keras.

tf.keras has neither: a part of a model is a Model of its own, and gradients are taken by tf.GradientTape while values
are computed. These do both behind the old calls, for saliency maps, Grad-CAM, deep dreams and looks into a layer.
"""

import tensorflow as tf

_LEARNING_PHASE = "learning phase"


def learning_phase():  # type: ignore[no-untyped-def]
    """An input for `function`, fed with 1 for training and 0 for inference; `training=` of a call to a model today."""
    return _LEARNING_PHASE


def uses_learning_phase(model):  # type: ignore[no-untyped-def]
    """Whether a model or layer does something else in training: drops out, adds noise, or normalizes by the batch."""
    rates = ("rate", "stddev", "dropout", "recurrent_dropout")
    layers = model._flatten_layers()
    batches = any(isinstance(layer, tf.keras.layers.BatchNormalization) for layer in layers)
    return batches or any(getattr(layer, rate, 0) for layer in layers for rate in rates)


def function(inputs, outputs, updates=None):  # type: ignore[no-untyped-def]
    """A function of a list of arrays that gives a list of arrays; tf.keras.Model(inputs, outputs) without it.

    `updates` are pairs of a variable and its new value: an expression of the inputs, a function that computes it, a
    step of an optimizer, or the variable itself where the run changes it. As before, nothing else changes with a call:
    moving averages stay as they are.
    """
    symbolic = [tensor for tensor in inputs if tensor is not _LEARNING_PHASE]
    kept = {id(variable) for variable, new in updates or () if new is variable}
    steps = list({id(new): new for _, new in updates or () if hasattr(new, "gradients")}.values())
    assigned = [(v, new) for v, new in updates or () if new is not v and not hasattr(new, "gradients")]
    wanted = [*outputs, *(new for _, new in assigned), *(step.loss for step in steps)]
    computed = [i for i, tensor in enumerate(wanted) if isinstance(tensor, tf.keras.KerasTensor)]
    model = tf.keras.Model(symbolic, [wanted[i] for i in computed])

    @tf.function(reduce_retracing=True)
    def run(arrays, training):  # type: ignore[no-untyped-def]
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([param.value for step in steps for param in step.params])
            found = dict(zip(computed, tf.nest.flatten(model(arrays, training=training)), strict=True))
        losses = range(len(wanted) - len(steps), len(wanted))
        return found, [step.gradients(tape, found[i]) for step, i in zip(steps, losses, strict=True)]

    def call(values):  # type: ignore[no-untyped-def]
        phase = [v for v, tensor in zip(values, inputs, strict=False) if tensor is _LEARNING_PHASE]
        fed = [v for v, tensor in zip(values, inputs, strict=False) if tensor is not _LEARNING_PHASE]
        arrays = [tf.cast(tf.convert_to_tensor(v), s.dtype) for v, s in zip(fed, symbolic, strict=True)]
        averages = [(v, v.numpy()) for v in model.non_trainable_weights if id(v) not in kept]
        found, gradients_of_steps = run(arrays, bool(phase and phase[0]))
        for variable, value in averages:
            variable.assign(value)
        now = [tensor() if callable(tensor) else tensor for tensor in wanted]
        results = [found[i] if i in found else tf.convert_to_tensor(tensor) for i, tensor in enumerate(now)]
        for (variable, _), value in zip(assigned, results[len(outputs) :], strict=False):
            variable.assign(value)
        for step, gradients_of_step in zip(steps, gradients_of_steps, strict=True):
            step.apply(gradients_of_step)
        return [result.numpy() for result in results[: len(outputs)]]

    return call


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
