"""A list of metrics for every output of a model, as Keras 1 and 2 took it.

Keras 3 wants a list for each output there: it refuses `metrics=["accuracy"]`, and gives the outputs one metric each
where there happen to be as many.
"""

import functools
import inspect

import tensorflow as tf


def metrics_of_each(model):  # type: ignore[no-untyped-def]
    """The same model, whose compile() gives plain lists of metrics to each output: metrics_of_each(m).compile(…).

    Write a list of lists, or a dict by the names of outputs, to do without.
    """
    compile_model = model.compile

    @functools.wraps(compile_model)
    def compile_each(*args, **kwargs):  # type: ignore[no-untyped-def]
        call = inspect.signature(compile_model).bind(*args, **kwargs)
        several = len(getattr(model, "outputs", None) or ())
        for name in ("metrics", "weighted_metrics"):
            given = call.arguments.get(name)
            plain = isinstance(given, list | tuple) and not any(isinstance(m, list | tuple | dict) for m in given)
            if several > 1 and given and plain:
                call.arguments[name] = [[_another(m) for m in given] for _ in range(several)]  # type: ignore[no-untyped-call]
        return compile_model(*call.args, **call.kwargs)

    model.compile = compile_each
    return model


def _another(metric):  # type: ignore[no-untyped-def]
    """A metric of the same kind: one that holds numbers counts for one output alone."""
    return type(metric).from_config(metric.get_config()) if isinstance(metric, tf.keras.metrics.Metric) else metric
