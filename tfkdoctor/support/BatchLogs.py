"""What callbacks are told after each batch, as Keras up to 2.2.5 told it: the loss and the metrics of that batch.

Keras 3 tells the means over all batches of the epoch so far.
"""

import tensorflow as tf


class BatchLogs:
    """Stands before a callback's class in its bases; without it `on_batch_end` gets means over the epoch so far."""

    def __init_subclass__(cls, **kwargs):  # type: ignore[no-untyped-def]
        super().__init_subclass__(**kwargs)
        for name in ("on_batch_end", "on_train_batch_end"):
            if name in vars(cls):
                setattr(cls, name, _of_batch(vars(cls)[name]))  # type: ignore[no-untyped-call]


def _of_batch(method):  # type: ignore[no-untyped-def]
    def told(self, batch, logs=None):  # type: ignore[no-untyped-def]
        return method(self, batch, _apart(self, batch, logs))  # type: ignore[no-untyped-call]

    return told


def _apart(callback, batch, logs):  # type: ignore[no-untyped-def]
    """The means of the last batch, from the means up to it and up to the one before, and the numbers of samples."""
    losses = [m for m in callback.model.metrics if m.name == "loss" and isinstance(m, tf.keras.metrics.Mean)]
    if not logs or not losses:
        return logs
    count = float(losses[0].count)
    seen, means = getattr(callback, "_batches_seen", (0.0, {}))
    if seen >= count or not batch:
        seen, means = 0.0, {}
    callback._batches_seen = count, dict(logs)
    return {k: (v * count - means.get(k, 0.0) * seen) / (count - seen) for k, v in logs.items()}
