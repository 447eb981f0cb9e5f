# mypy: ignore-errors
"""`tfe.gradients_function`: the derivatives of a function. A `tf.GradientTape` says the same where it is used."""

import tensorflow as tf


def gradients_function(f, params=None):
    """A function that gives the gradients of `f` with respect to its arguments, or to those with these numbers."""

    def gradients(*args, **kwargs):
        dy = kwargs.pop("dy", None)
        xs = [x if isinstance(x, tf.Variable) else tf.convert_to_tensor(x) for x in args]
        wanted = xs if params is None else [xs[place] for place in params]
        with tf.GradientTape() as tape:
            tape.watch(wanted)
            y = f(*xs, **kwargs)
        return tape.gradient(y, wanted, output_gradients=dy)

    return gradients
