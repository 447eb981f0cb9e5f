# mypy: ignore-errors
"""`tfe.implicit_value_and_gradients`: a value with gradients for the variables behind it, as of a GradientTape."""

import tensorflow as tf


def implicit_value_and_gradients(f):
    """A function that gives the value of `f` and (gradient, variable) for each trainable variable that it uses."""

    def both(*args, **kwargs):
        with tf.GradientTape() as tape:
            value = f(*args, **kwargs)
        variables = tape.watched_variables()
        return value, list(zip(tape.gradient(value, variables), variables, strict=True))

    return both
