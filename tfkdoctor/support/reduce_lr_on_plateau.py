"""ReduceLROnPlateau of Keras 1 and of Keras 2 before 2.1.6: it waits one epoch longer for the first reduction.

After a reduction, and only then, `patience` counts as it does today, so that no other `patience` gives the same.
"""

import numpy as np
import tensorflow as tf


class ReduceLROnPlateau(tf.keras.callbacks.Callback):
    """Lowers the learning rate; with Keras 2.1.6 and later it is tf.keras.callbacks.ReduceLROnPlateau."""

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        verbose=0,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0,
    ):
        super().__init__()
        self.monitor, self.factor, self.patience, self.verbose = monitor, factor, patience, verbose
        self.up = mode == "max" or (mode != "min" and "acc" in monitor)
        self.min_delta, self.cooldown, self.min_lr = min_delta, cooldown, min_lr
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        self.wait = self.cooldown_counter = 0
        self.best = -np.inf if self.up else np.inf

    def on_epoch_end(self, epoch, logs=None):
        logs = logs if logs is not None else {}
        rate = float(np.asarray(self.model.optimizer.learning_rate))
        logs["learning_rate" if hasattr(tf.keras, "ops") else "lr"] = rate  # Keras 3 and Keras 2
        current = logs.get(self.monitor)
        if current is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        better = current > self.best + self.min_delta if self.up else current < self.best - self.min_delta
        if better:
            self.best, self.wait = current, 0
        elif self.cooldown_counter <= 0:
            if self.wait >= self.patience and rate > self.min_lr * (1 + 1e-4):
                new = max(rate * self.factor, self.min_lr)
                self.model.optimizer.learning_rate = new
                if self.verbose > 0:
                    print(f"\nEpoch {epoch:05d}: reducing learning rate to {new}.")
                self.cooldown_counter, self.wait = self.cooldown, 0
            self.wait += 1
