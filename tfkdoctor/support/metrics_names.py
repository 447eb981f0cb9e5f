"""The names that `model.metrics_names` had: one for each value of `evaluate` and `train_on_batch`.

tf.keras has 'compile_metrics' in place of the metrics, and a model with several outputs gives its metrics in the
order of the alphabet, where Keras 2 gave them by output.
"""

import tensorflow as tf


def metrics_names(model):  # type: ignore[no-untyped-def]
    """The names of the values that a model returns today."""
    if not isinstance(model, tf.keras.Model):
        return model.metrics_names
    try:
        logs = model.get_metrics_result()
    except ValueError:
        logs = _first_logs(model)  # type: ignore[no-untyped-call]
    if len(logs) < 2 and len(getattr(model, "outputs", None) or ()) > 1:
        logs = _first_logs(model)  # type: ignore[no-untyped-call]
    first = [each.name for metric in model.metrics for each in getattr(metric, "metrics", [metric])]
    first = [name for name in first if name in logs]
    return first + sorted(name for name in logs if name not in first)


def _first_logs(model):  # type: ignore[no-untyped-def]
    """What a model returns that was neither trained nor evaluated; Keras 3 makes its metrics from the first data."""
    zeros = [tf.zeros([size or 1 for size in output.shape]) for output in model.outputs]
    found = zeros if len(zeros) > 1 else zeros[0]
    model.compute_loss(y=found, y_pred=found)
    model.compute_metrics(None, found, found)
    logs = model.get_metrics_result()
    model.reset_metrics()
    return logs


def by_output(model, values):  # type: ignore[no-untyped-def]
    """The values of evaluate or train_on_batch in Keras 2's order: the losses, then the metrics of each output."""
    found = dict(zip(metrics_names(model), values, strict=True))  # type: ignore[no-untyped-call]
    losses = [metric.name for metric in model.metrics if metric.name in found]
    return [found[name] for name in [*losses, *(name for name in model.get_metrics_result() if name not in losses)]]
