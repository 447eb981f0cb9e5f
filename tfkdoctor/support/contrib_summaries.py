# mypy: ignore-errors
"""Summaries of tensors and collections, of tf.contrib.layers and slim; tf.compat.v1.summary would remove them."""

import re

import tensorflow.compat.v1 as tf1


def summarize_tensor(tensor, tag=None):
    """`tf.contrib.layers.summarize_tensor`: a scalar or a histogram."""
    if tensor.dtype.base_dtype in (tf1.string, tf1.bool):
        return None
    summary = tf1.summary.scalar if len(tensor.shape) == 0 else tf1.summary.histogram
    return summary(tag or tensor.op.name + "_summary", tensor)


def summarize_activation(op):
    """`tf.contrib.layers.summarize_activation`: a histogram, and how much of it is cut off."""
    name = op.op.name
    if op.op.type in ("Relu", "Softplus", "Relu6"):
        less = tf1.cast(tf1.less(op.op.inputs[0], tf1.cast(0.0, op.op.inputs[0].dtype)), tf1.float32)
        tf1.summary.scalar(name + "/zeros", tf1.reduce_mean(less))
    if op.op.type == "Relu6":
        more = tf1.cast(tf1.greater(op.op.inputs[0], tf1.cast(6.0, op.op.inputs[0].dtype)), tf1.float32)
        tf1.summary.scalar(name + "/sixes", tf1.reduce_mean(more))
    return tf1.summary.histogram(name + "/activation", op)


def summarize_tensors(tensors, summarizer=summarize_tensor):
    """`tf.contrib.layers.summarize_tensors`."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(collection, name_filter=None, summarizer=summarize_tensor):
    """`tf.contrib.layers.summarize_collection`: those whose names fit a regular expression."""
    items = tf1.get_collection(collection)
    return [summarizer(item) for item in items if name_filter is None or re.match(name_filter, item.op.name)]


def summarize_activations(name_filter=None, summarizer=summarize_activation):
    """`tf.contrib.layers.summarize_activations`."""
    return summarize_collection(tf1.GraphKeys.ACTIVATIONS, name_filter, summarizer)


def summarize_variables(name_filter=None, summarizer=summarize_tensor):
    """`tf.contrib.layers.summarize_variables`."""
    return summarize_collection(tf1.GraphKeys.GLOBAL_VARIABLES, name_filter, summarizer)
