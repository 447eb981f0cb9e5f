# mypy: ignore-errors
"""tf.contrib.summary: nothing is recorded outside of `always_record_summaries` and its kind, steps are those of the
global step, and the records are those of TensorFlow 1. `tf.summary` records everywhere and takes a step."""

import contextlib

import tensorflow as tf

from tfkdoctor.support.get_or_create_global_step import get_or_create_global_step

_RECORDS = [lambda: False]


@contextlib.contextmanager
def _recording(wanted):
    _RECORDS.append(wanted)
    try:
        yield
    finally:
        _RECORDS.pop()


def contrib_summary_always_record_summaries():
    """Record what is within."""
    return _recording(lambda: True)


def contrib_summary_never_record_summaries():
    """Record nothing of what is within."""
    return _recording(lambda: False)


def contrib_summary_record_summaries_every_n_global_steps(n, global_step=None):
    """Record what is within at each n-th step."""
    return _recording(lambda: int(get_or_create_global_step() if global_step is None else global_step) % n == 0)


def _write(serialize, step):
    if _RECORDS[-1]():
        at = get_or_create_global_step() if step is None else step
        tf.summary.experimental.write_raw_pb(serialize(), step=tf.cast(at, tf.int64))


def _tag(name, family):
    return name if family is None else f"{family}/{name}"


def contrib_summary_scalar(name, tensor, family=None, step=None):
    """Record a number."""
    value = tf.convert_to_tensor(tensor)
    _write(lambda: tf.raw_ops.ScalarSummary(tags=_tag(name, family), values=value), step)


def contrib_summary_histogram(name, tensor, family=None, step=None):
    """Record how values are distributed."""
    value = tf.convert_to_tensor(tensor.value if hasattr(tensor, "value") and not callable(tensor.value) else tensor)
    _write(lambda: tf.raw_ops.HistogramSummary(tag=_tag(name, family), values=value), step)


def contrib_summary_image(name, tensor, bad_color=None, max_images=3, family=None, step=None):
    """Record images."""
    _write(lambda: tf.raw_ops.ImageSummary(tag=_tag(name, family), tensor=tensor, max_images=max_images), step)


def contrib_summary_flush(writer=None, name=None):
    """Write out what is waiting."""
    tf.summary.flush(writer)
