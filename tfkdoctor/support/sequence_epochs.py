"""A Sequence in fit, evaluate and predict as Keras 2 had it: `on_epoch_end` between two epochs, each batch made once.

Keras 3 looks at the first batches before it trains, calls on_epoch_end once before the first epoch and once after the
last: data that is shuffled there comes in another order, and random numbers that a batch draws are drawn twice.
"""

import functools
import inspect

import tensorflow as tf


def sequence_epochs(model):  # type: ignore[no-untyped-def]
    """The same model for one call: sequence_epochs(model).fit(batches).

    Without it a Sequence works all the same, with another random order; other data is handed on as it is.
    """
    return _SequenceEpochs(model)  # type: ignore[no-untyped-call]


class _SequenceEpochs:
    def __init__(self, model):  # type: ignore[no-untyped-def]
        self.model = model

    def __getattr__(self, name):  # type: ignore[no-untyped-def]
        method = getattr(self.model, name)
        if name not in ("fit", "evaluate", "predict"):
            return method

        @functools.wraps(method)
        def run(*args, **kwargs):  # type: ignore[no-untyped-def]
            call = inspect.signature(method).bind(*args, **kwargs)
            given, wrapped = call.arguments, []
            for key in ("x", "validation_data"):
                if isinstance(given.get(key), tf.keras.utils.PyDataset) and hasattr(given[key], "__len__"):
                    given[key] = _Epochs(given[key])  # type: ignore[no-untyped-call]
                    wrapped.append(given[key])
            if wrapped:
                callbacks = given.get("callbacks") or []
                callbacks = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
                given["callbacks"] = [_Begin(wrapped), *callbacks]  # type: ignore[no-untyped-call]
            return method(*call.args, **call.kwargs)

        return run


class _Begin(tf.keras.callbacks.Callback):  # type: ignore[misc]
    """Tells the data that what Keras looks at beforehand is over."""

    def __init__(self, sequences):  # type: ignore[no-untyped-def]
        super().__init__()
        self.first, self.last = sequences[0], sequences[-1]

    def on_train_begin(self, logs=None):  # type: ignore[no-untyped-def]
        self.first.begin()

    def on_test_begin(self, logs=None):  # type: ignore[no-untyped-def]
        self.last.begin()

    def on_predict_begin(self, logs=None):  # type: ignore[no-untyped-def]
        self.last.begin()


class _Epochs(tf.keras.utils.PyDataset):  # type: ignore[misc]
    def __init__(self, sequence):  # type: ignore[no-untyped-def]
        workers = getattr(sequence, "_workers", 1), getattr(sequence, "_use_multiprocessing", False)
        super().__init__(*workers, getattr(sequence, "_max_queue_size", 10))
        self.sequence, self.begun, self.ended, self.early = sequence, False, False, {}

    def __len__(self):  # type: ignore[no-untyped-def]
        return len(self.sequence)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if self.begun:
            return self.early.pop(index) if index in self.early else self.sequence[index]
        if index not in self.early:
            self.early[index] = self.sequence[index]
        return self.early[index]

    def begin(self):  # type: ignore[no-untyped-def]
        self.begun = True

    def on_epoch_begin(self):  # type: ignore[no-untyped-def]
        if self.ended:
            self.sequence.on_epoch_end()
        self.ended = False

    def on_epoch_end(self):  # type: ignore[no-untyped-def]
        self.ended = self.begun
