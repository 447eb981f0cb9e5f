"""Targets and weights by the names of the outputs, as Keras 1 and 2 took them in fit, evaluate and on batches.

Keras 3 takes such a dict as targets where a model has several outputs, but not for a single one, nor beside weights,
and no class weights by outputs at all: it raises, or leaves the weights of classes out without a word.
"""

import functools
import inspect

import numpy as np
import tensorflow as tf


def by_outputs(model):  # type: ignore[no-untyped-def]
    """The same model for one call: by_outputs(model).fit(x, {"age": y}, sample_weight={"age": w}).

    Give lists in the order of `model.output_names` to do without; an output without weights has None.
    """
    return _ByOutputs(model)  # type: ignore[no-untyped-call]


class _ByOutputs:
    def __init__(self, model):  # type: ignore[no-untyped-def]
        self.model = model

    def __getattr__(self, name):  # type: ignore[no-untyped-def]
        method = getattr(self.model, name)

        @functools.wraps(method)
        def run(*args, **kwargs):  # type: ignore[no-untyped-def]
            call = inspect.signature(method).bind(*args, **kwargs)
            given = call.arguments
            if given.get("y") is not None:
                weights = given.get("sample_weight"), given.pop("class_weight", None)
                given["y"], given["sample_weight"] = self._in_order(given["y"], *weights)  # type: ignore[no-untyped-call]
            elif "x" in given:
                given["x"] = self._batches(given["x"])  # type: ignore[no-untyped-call]
            if given.get("validation_data") is not None:
                data = given["validation_data"]
                told = isinstance(data, tuple | list)
                given["validation_data"] = self._batch(data) if told else self._batches(data)  # type: ignore[no-untyped-call]
            return method(*call.args, **call.kwargs)

        return run

    def _in_order(self, y, sample_weight=None, class_weight=None):  # type: ignore[no-untyped-def]
        """Targets and weights as lists in the order of the outputs; of a single output its own."""
        names = getattr(self.model, "output_names", None) or [self.model.layers[-1].name]
        targets = _listed(y, names)  # type: ignore[no-untyped-call]
        weights = _listed(sample_weight, names)  # type: ignore[no-untyped-call]
        of_classes = _listed(class_weight, names)  # type: ignore[no-untyped-call]
        weights = [_times(w, c, t) for w, c, t in zip(weights, of_classes, targets, strict=True)]  # type: ignore[no-untyped-call]
        if len(names) == 1:
            return targets[0], weights[0]
        return targets, weights if any(w is not None for w in weights) else None

    def _batch(self, batch):  # type: ignore[no-untyped-def]
        if len(batch) < 2 or batch[1] is None:
            return batch
        y, weights = self._in_order(*batch[1:])  # type: ignore[no-untyped-call]
        y = tuple(y) if isinstance(y, list) else y
        weights = tuple(weights) if isinstance(weights, list) else weights
        return (batch[0], y) if weights is None else (batch[0], y, weights)

    def _batches(self, data):  # type: ignore[no-untyped-def]
        if isinstance(data, tf.keras.utils.PyDataset):
            return _Sequence(data, self._batch)  # type: ignore[no-untyped-call]
        return (self._batch(batch) for batch in data) if hasattr(data, "__next__") else data  # type: ignore[no-untyped-call]


class _Sequence(tf.keras.utils.PyDataset):  # type: ignore[misc]
    def __init__(self, data, change):  # type: ignore[no-untyped-def]
        super().__init__(getattr(data, "_workers", 1), getattr(data, "_use_multiprocessing", False))
        self.data, self.change = data, change
        self.on_epoch_begin, self.on_epoch_end = data.on_epoch_begin, data.on_epoch_end

    def __len__(self):  # type: ignore[no-untyped-def]
        return len(self.data)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self.change(self.data[index])


def _listed(given, names):  # type: ignore[no-untyped-def]
    """One for each output, of a dict by their names, a list, or what is for the only one, or for all."""
    if isinstance(given, dict) and any(name in given for name in names):
        return [given.get(name) for name in names]
    if isinstance(given, list | tuple) and len(given) == len(names) and not np.isscalar(given[0]):
        return list(given)
    return [given] * len(names)


def _times(weights, of_classes, y):  # type: ignore[no-untyped-def]
    """Sample weights times those of each sample's class."""
    if of_classes is None:
        return weights
    y = np.asarray(y)
    classes = np.argmax(y, axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(len(y))
    found = np.array([of_classes[one] for one in classes])
    return found if weights is None else weights * found
