"""EarlyStopping of Keras 2: how it restores the best weights, and what a baseline does.

Keras 3 restores the best weights after every training, Keras 2 only after one that was stopped early; and with a
baseline an epoch that is better than the last ones, but not than the baseline, never stops it.
"""

import warnings

import numpy as np
import tensorflow as tf


class EarlyStopping(tf.keras.callbacks.Callback):
    """Stops a training; without `baseline` and `restore_best_weights` it is tf.keras.callbacks.EarlyStopping."""

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
    ):
        super().__init__()
        self.monitor, self.patience, self.verbose, self.baseline = monitor, patience, verbose, baseline
        self.restore_best_weights, self.best_weights = restore_best_weights, None
        self.wait = self.stopped_epoch = 0
        up = mode == "max" or (mode != "min" and "acc" in monitor)
        self.monitor_op, self.min_delta = (np.greater, min_delta) if up else (np.less, -min_delta)
        self.best = -np.inf if up else np.inf

    def on_train_begin(self, logs=None):
        self.wait = self.stopped_epoch = 0
        worst = np.inf if self.monitor_op is np.less else -np.inf
        self.best = worst if self.baseline is None else self.baseline

    def on_epoch_end(self, epoch, logs=None):
        current = (logs or {}).get(self.monitor)
        if current is None:
            warnings.warn(f"Early stopping conditioned on metric `{self.monitor}`, which is not there.", stacklevel=2)
            return
        if self.monitor_op(current - self.min_delta, self.best):
            self.best, self.wait = current, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.restore_best_weights and self.best_weights is not None:
                self.model.set_weights(self.best_weights)

    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1:05d}: early stopping")
