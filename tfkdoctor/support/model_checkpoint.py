"""ModelCheckpoint of Keras 1 and 2: any name of a file, every `period` epochs.

Keras 3's takes only names that end in `.keras`, `.h5` or `.weights.h5`, has no `period` (its `save_freq` counts
batches), and does not tell in which direction a metric of one's own gets better. Files have the old format.
"""

import os
import warnings

import numpy as np
import tensorflow as tf

from tfkdoctor.support.save_model import save_model
from tfkdoctor.support.save_weights import save_weights


class ModelCheckpoint(tf.keras.callbacks.Callback):
    """Saves the model after epochs; without `period` tf.keras.callbacks.ModelCheckpoint can take its place."""

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
        period=1,
    ):
        super().__init__()
        self.filepath, self.monitor, self.verbose = os.fspath(filepath), monitor, verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.period, self.epochs_since_last_save = period, 0
        rises = "acc" in monitor or monitor.startswith("fmeasure")
        up = mode == "max" or (mode != "min" and rises)
        self.monitor_op, self.best = (np.greater, -np.inf) if up else (np.less, np.inf)

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        self.epochs_since_last_save += 1
        if self.epochs_since_last_save < self.period:
            return
        self.epochs_since_last_save = 0
        filepath = self.filepath.format(epoch=epoch + 1, **logs)
        if self.save_best_only and not self._is_best(epoch, logs.get(self.monitor), filepath):
            return
        if self.verbose > 0 and not self.save_best_only:
            print(f"\nEpoch {epoch + 1:05d}: saving model to {filepath}")
        if self.save_weights_only:
            save_weights(self.model, filepath)
        else:
            save_model(self.model, filepath)

    def _is_best(self, epoch, current, filepath):
        if current is None:
            warnings.warn(f"Can save best model only with {self.monitor} available, skipping.", stacklevel=2)
            return False
        better = bool(self.monitor_op(current, self.best))
        if self.verbose > 0:
            said = f"improved from {self.best:0.5f} to {current:0.5f}, saving model to {filepath}"
            said = said if better else f"did not improve from {self.best:0.5f}"
            print(f"\nEpoch {epoch + 1:05d}: {self.monitor} {said}")
        if better:
            self.best = current
        return better
