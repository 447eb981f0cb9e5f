"""The names that `model.metrics_names` had: one for each value of `evaluate` and `train_on_batch`.

tf.keras has 'compile_metrics' in place of the metrics, and a model with several outputs gives its metrics in the
order of the alphabet, where Keras 2 gave them by output.
"""

import numpy as np
import tensorflow as tf


def metrics_names(model):  # type: ignore[no-untyped-def]
    """The names of the values that a model returns today, in their order."""
    if not isinstance(model, tf.keras.Model):
        return model.metrics_names
    logs = _names_in_logs(model)  # type: ignore[no-untyped-call]
    first = [each.name for metric in model.metrics for each in getattr(metric, "metrics", [metric])]
    first += [name for name in logs if name.endswith("_loss")]
    untrained = model._compile_metrics is not None and not model._compile_metrics.built
    if untrained and not _losses(model):  # type: ignore[no-untyped-call]
        first += logs  # those of a single output are in their order already
    first = [name for name in dict.fromkeys(first) if name in logs]
    return first + sorted(name for name in logs if name not in first)


def names_by_output(model):  # type: ignore[no-untyped-def]
    """The names in Keras 2's order: the losses, then the metrics of each output; of the values of by_output()."""
    if not isinstance(model, tf.keras.Model):
        return model.metrics_names
    logs = _names_in_logs(model)  # type: ignore[no-untyped-call]
    outputs = [f"{name}_loss" for name in getattr(model, "output_names", None) or ()]
    losses = [name for name in ("loss", *outputs) if name in logs]
    return losses + [name for name in logs if name not in losses]


def by_output(model, values):  # type: ignore[no-untyped-def]
    """The values of evaluate or train_on_batch in Keras 2's order, which is that of names_by_output()."""
    if not isinstance(model, tf.keras.Model) or not isinstance(values, list | tuple):
        return values
    names = metrics_names(model)  # type: ignore[no-untyped-call]
    if len(names) != len(values):  # outputs of one name, as those of a model within a model: their logs are one
        means = [metric for metric in model.metrics if isinstance(metric, tf.keras.metrics.Mean)]
        return [metric.result().numpy() for metric in means] if len(means) == len(values) else list(values)
    found = dict(zip(names, values, strict=True))
    return [found[name] for name in names_by_output(model)]  # type: ignore[no-untyped-call]


def _names_in_logs(model):  # type: ignore[no-untyped-def]
    """What a model's logs hold once it has been trained; its metrics are made anew where that has not been yet."""
    compiled = model._compile_metrics
    if compiled is None or compiled.built:
        return list(model.get_metrics_result())
    fresh = type(compiled)(compiled._user_metrics, compiled._user_weighted_metrics, output_names=compiled.output_names)
    some = [np.zeros([1, *(size or 1 for size in tensor.shape[1:])]) for tensor in model.outputs]
    given = some if len(some) > 1 else some[0]
    fresh.build(given, given)
    found = fresh.result()
    plain = [metric.name for metric in fresh.metrics if metric.name in found]
    rest = [name for name in found if name not in plain]
    return ["loss", *_losses(model), *plain, *rest]  # type: ignore[no-untyped-call]


def _losses(model):  # type: ignore[no-untyped-def]
    """The names of the losses of a model with several outputs."""
    names = getattr(model, "output_names", None) or ()  # a Sequential has one output, and no name for it
    given = model._compile_loss._user_loss if model._compile_loss is not None else None
    if given is None or len(names) < 2:
        return []
    given = [given.get(name) for name in names] if isinstance(given, dict) else given
    given = given if isinstance(given, list | tuple) else [given] * len(names)
    return [f"{name}_loss" for name, loss in zip(names, given, strict=False) if loss is not None]
