"""What Keras 1 and 2 told callbacks before training began: `self.validation_data`, and more in `self.params`.

The data were the inputs, the targets and a weight for each sample, in one list. Keras 3 hands callbacks no data, and
tells them the verbosity and the numbers of epochs and steps alone.
"""

import functools
import inspect

import numpy as np
import tensorflow as tf


def old_callbacks(model):  # type: ignore[no-untyped-def]
    """The same model for one call of fit, whose callbacks get what they had: old_callbacks(model).fit(…).

    Give a callback the data when it is made to do without.
    """
    return _Handing(model)  # type: ignore[no-untyped-call]


class _Handing:
    def __init__(self, model):  # type: ignore[no-untyped-def]
        self.model = model

    def __getattr__(self, name):  # type: ignore[no-untyped-def]
        method = getattr(self.model, name)

        @functools.wraps(method)
        def run(*args, **kwargs):  # type: ignore[no-untyped-def]
            given = inspect.signature(method).bind(*args, **kwargs).arguments
            data = _validation(given)  # type: ignore[no-untyped-call]
            for callback in tf.nest.flatten(given.get("callbacks") or []):
                callback.validation_data = data
                callback.set_params = _with_more(callback.set_params, _sizes(given, data))  # type: ignore[no-untyped-call]
            return method(*args, **kwargs)

        return run


def _with_more(set_params, more):  # type: ignore[no-untyped-def]
    return lambda params: set_params({**more, **(params or {})})


def _sizes(given, data):  # type: ignore[no-untyped-def]
    if given.get("y") is None:
        return {"do_validation": given.get("validation_data") is not None}
    samples = len(_arrays(given["x"])[0])  # type: ignore[no-untyped-call]
    share = given.get("validation_split") or 0.0
    samples = int(samples * (1.0 - share)) if share and given.get("validation_data") is None else samples
    return {"samples": samples, "batch_size": given.get("batch_size") or 32, "do_validation": data is not None}


def _validation(given):  # type: ignore[no-untyped-def]
    data, share = given.get("validation_data"), given.get("validation_split") or 0.0
    if isinstance(data, list | tuple) and len(data) in (2, 3):
        x, y, weights = [*data, None][:3]
    elif share and data is None and given.get("y") is not None:
        inputs = _arrays(given["x"])  # type: ignore[no-untyped-call]
        at = int(len(inputs[0]) * (1.0 - share))
        x, y = ([one[at:] for one in _arrays(given[name])] for name in ("x", "y"))  # type: ignore[no-untyped-call]
        weights = given.get("sample_weight")
        weights = None if weights is None else [one[at:] for one in _arrays(weights)]  # type: ignore[no-untyped-call]
    else:
        return None  # a generator
    targets = _arrays(y)  # type: ignore[no-untyped-call]
    ones = [np.ones(len(one), "float32") for one in targets]
    return [*_arrays(x), *targets, *(ones if weights is None else _arrays(weights))]  # type: ignore[no-untyped-call]


def _arrays(given):  # type: ignore[no-untyped-def]
    """Arrays of a rank of two at least, as Keras 2 made them; those of a dict in its order."""
    arrays = [np.asarray(one) for one in (given.values() if isinstance(given, dict) else _listed(given))]  # type: ignore[no-untyped-call]
    return [one[:, np.newaxis] if one.ndim == 1 else one for one in arrays]


def _listed(given):  # type: ignore[no-untyped-def]
    return given if isinstance(given, list | tuple) else [given]
