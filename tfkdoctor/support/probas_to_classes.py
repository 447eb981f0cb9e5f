"""Keras 1's np_utils.probas_to_classes: the classes that probabilities stand for."""

import numpy as np


def probas_to_classes(y_pred):  # type: ignore[no-untyped-def]
    """Shape (samples, classes): the likeliest class; one column: whether it is above a half."""
    if len(y_pred.shape) > 1 and y_pred.shape[1] > 1:
        return np.argmax(y_pred, axis=1)
    return np.array([1 if p > 0.5 else 0 for p in y_pred])
