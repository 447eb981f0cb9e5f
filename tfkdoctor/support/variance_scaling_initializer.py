# mypy: ignore-errors
"""The initializers of tf.contrib.layers, which draw other numbers than those of tf.keras.initializers where they are
normal: a standard deviation of sqrt(1.3 factor / n), cut at two of them.
"""

import math

import tensorflow.compat.v1 as tf1


def variance_scaling_initializer(factor=2.0, mode="FAN_IN", uniform=False, seed=None, dtype=tf1.float32):
    """`tf.contrib.layers.variance_scaling_initializer`; tf.variance_scaling_initializer would remove it."""
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError(f"Unknown mode {mode} [FAN_IN, FAN_OUT, FAN_AVG]")

    def initializer(shape, dtype=dtype, partition_info=None):
        sizes = [float(size) for size in shape] or [1.0]
        places = math.prod(sizes[:-2])
        fan_in, fan_out = places * sizes[-2:][0], places * sizes[-1]
        number = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2.0}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / number)
            return tf1.random_uniform(shape, -limit, limit, dtype, seed=seed)
        return tf1.truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / number), dtype, seed=seed)

    return initializer


def xavier_initializer(uniform=True, seed=None, dtype=tf1.float32):
    """`tf.contrib.layers.xavier_initializer`; tf.glorot_uniform_initializer would remove it."""
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


_XAVIER = xavier_initializer()
