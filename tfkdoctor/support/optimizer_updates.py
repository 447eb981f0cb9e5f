"""`optimizer.get_updates(loss, params)` for a K.function: a step of the optimizer on a loss of symbolic tensors.

Keras 2 gave pairs of a variable and the expression of its new value, and K.function ran them with each call. tf.keras
has no such expressions: `function` records the loss of each call under a tf.GradientTape, and the optimizer takes its
gradients. Where the loss is made within a function of yours, do that there, without this.
"""

import tensorflow as tf


def optimizer_updates(optimizer, *args, **kwargs):  # type: ignore[no-untyped-def]
    """Updates for `function(…, updates=…)`, from what get_updates took: loss and params, or Keras 1's three."""
    names = ("params", "constraints", "loss") if len(args) + len(kwargs) > 2 else ("loss", "params")
    given = {**dict(zip([name for name in names if name not in kwargs], args, strict=False)), **kwargs}
    loss, params = given["loss"], list(given["params"])
    if not isinstance(loss, tf.keras.KerasTensor):  # within another optimizer's get_updates
        return optimizer.get_updates(loss, params)
    own = optimizer
    if getattr(optimizer, "built", False):  # its state belongs to the weights that it trains already
        own = type(optimizer).from_config(optimizer.get_config())
    step = _Step(own, loss, params)  # type: ignore[no-untyped-call]
    return [(param, step) for param in params]


def updates_of(model):  # type: ignore[no-untyped-def]
    """What a run of a model changes beside its training: moving averages and states, for `function(…, updates=…)`."""
    layers = model._flatten_layers() if model.trainable else [model]
    names = ("moving_mean", "moving_variance")
    changed = [getattr(layer, name) for layer in layers if layer.trainable for name in names if hasattr(layer, name)]
    stateful = [layer for layer in model._flatten_layers() if getattr(layer, "stateful", False)]
    states = [state for layer in stateful for state in tf.nest.flatten(getattr(layer, "states", None) or [])]
    return [(variable, variable) for variable in [*changed, *states]]


class _Step:
    """What `function` does with the gradients of one loss."""

    def __init__(self, optimizer, loss, params):  # type: ignore[no-untyped-def]
        self.optimizer, self.loss, self.params = optimizer, loss, params

    def gradients(self, tape, loss):  # type: ignore[no-untyped-def]
        return tape.gradient(loss, [param.value for param in self.params])

    def apply(self, gradients):  # type: ignore[no-untyped-def]
        if any(gradient is None for gradient in gradients):
            raise ValueError(
                "A weight has no gradient: does the loss depend on it, and is each operation in it smooth?"
            )
        self.optimizer.apply(gradients, self.params)
