# mypy: ignore-errors
"""`tf.div`: whole numbers are divided as in Python 2. `tf.math.floordiv` or `tf.divide` say it where the type is
known."""

import tensorflow as tf


def div(x, y, name=None):
    """The quotient, rounded down where both are whole numbers."""
    x = tf.convert_to_tensor(x)
    y = tf.convert_to_tensor(y, dtype=x.dtype.base_dtype)
    return x / y if x.dtype.is_floating or x.dtype.is_complex else x // y
