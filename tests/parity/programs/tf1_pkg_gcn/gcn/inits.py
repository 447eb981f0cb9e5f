import tensorflow as tf
import numpy as np

_counter = np.random.RandomState(123)


def glorot(shape, name=None):
    """Glorot & Bengio uniform values, drawn by numpy."""
    init_range = np.sqrt(6.0 / (shape[0] + shape[1]))
    initial = tf.constant(_counter.uniform(-init_range, init_range, shape), dtype=tf.float32)
    return tf.Variable(initial, name=name)


def zeros(shape, name=None):
    initial = tf.zeros(shape, dtype=tf.float32)
    return tf.Variable(initial, name=name)
