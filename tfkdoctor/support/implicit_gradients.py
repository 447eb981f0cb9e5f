# mypy: ignore-errors
"""`tfe.implicit_gradients`: gradients for the variables that a function uses. A `tf.GradientTape` says the same."""

import tensorflow as tf


def implicit_gradients(f):
    """A function that gives (gradient, variable) for each trainable variable that `f` uses."""

    def gradients(*args, **kwargs):
        with tf.GradientTape() as tape:
            value = f(*args, **kwargs)
        variables = tape.watched_variables()
        return list(zip(tape.gradient(value, variables), variables, strict=True))

    return gradients
