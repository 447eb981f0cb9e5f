# mypy: ignore-errors
"""`tfe.value_and_gradients_function`: a value with its derivatives. A `tf.GradientTape` says the same."""

import tensorflow as tf


def value_and_gradients_function(f, params=None):
    """A function that gives the value of `f` and its gradients with respect to its arguments, or to those numbered."""

    def both(*args, **kwargs):
        dy = kwargs.pop("dy", None)
        xs = [x if isinstance(x, tf.Variable) else tf.convert_to_tensor(x) for x in args]
        wanted = xs if params is None else [xs[place] for place in params]
        with tf.GradientTape() as tape:
            tape.watch(wanted)
            y = f(*xs, **kwargs)
        return y, tape.gradient(y, wanted, output_gradients=dy)

    return both
