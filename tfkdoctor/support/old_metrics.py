"""Metrics under the names that Keras up to 2.2.5 logged them by, where what compile() is given cannot be seen.

'accuracy' was logged as 'acc' and 'mae' as 'mean_absolute_error'; today the key in the logs is the name given.
"""

_LOGGED = {
    "accuracy": "acc",
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "ce": "crossentropy",
}


def old_metrics(metrics):  # type: ignore[no-untyped-def]
    """What `compile(metrics=…)` takes, with the old names; without it the keys in logs are the names in `metrics`."""
    if isinstance(metrics, dict):
        return {output: old_metrics(given) for output, given in metrics.items()}  # type: ignore[no-untyped-call]
    if isinstance(metrics, list | tuple):
        return [old_metrics(given) for given in metrics]  # type: ignore[no-untyped-call]
    return _LOGGED.get(metrics.lower(), metrics) if isinstance(metrics, str) else metrics


def old_arguments(arguments):  # type: ignore[no-untyped-def]
    """The keyword arguments of a compile() with the old names of metrics: compile(**old_arguments(settings))."""
    names = ("metrics", "weighted_metrics")
    return {k: old_metrics(v) if k in names else v for k, v in arguments.items()}  # type: ignore[no-untyped-call]
