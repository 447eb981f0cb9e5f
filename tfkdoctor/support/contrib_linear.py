# mypy: ignore-errors
"""`linear`, `relu`, `relu6` and `elu` of tf.contrib.layers and slim: `fully_connected` with this activation."""

import functools

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_fully_connected import contrib_fully_connected


def contrib_linear(*arguments, **keywords):
    """`tf.contrib.layers.linear`."""
    return functools.partial(contrib_fully_connected, activation_fn=None)(*arguments, **keywords)


def contrib_relu(*arguments, **keywords):
    """`tf.contrib.layers.relu`."""
    return functools.partial(contrib_fully_connected, activation_fn=tf1.nn.relu)(*arguments, **keywords)


def contrib_relu6(*arguments, **keywords):
    """`tf.contrib.layers.relu6`."""
    return functools.partial(contrib_fully_connected, activation_fn=tf1.nn.relu6)(*arguments, **keywords)


def contrib_elu(*arguments, **keywords):
    """`tf.contrib.layers.elu`."""
    return functools.partial(contrib_fully_connected, activation_fn=tf1.nn.elu)(*arguments, **keywords)
