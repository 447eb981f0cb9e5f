# mypy: ignore-errors
"""`dataset.output_types` and `dataset.output_shapes`: `dataset.element_spec` holds both."""

import tensorflow as tf


def dataset_types(dataset):
    """The types of the elements of a dataset, in their structure."""
    return tf.nest.map_structure(lambda spec: spec.dtype, dataset.element_spec)


def dataset_shapes(dataset):
    """The shapes of the elements of a dataset, in their structure."""
    return tf.nest.map_structure(lambda spec: spec.shape, dataset.element_spec)
