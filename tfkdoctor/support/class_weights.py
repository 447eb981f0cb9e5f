"""Class weights as weights of samples, so that they count for the part that `validation_split` keeps, as in Keras 1 and 2.

tf.keras weighs the samples of the training alone: without it `val_loss` is the loss of equal classes.
"""

import numpy as np


def class_weights(y, class_weight):  # type: ignore[no-untyped-def]
    """The weight of each sample by its class: fit(x, y, sample_weight=class_weights(y, {0: 1.0, 1: 3.0}))."""
    if class_weight is None:
        return None
    y = np.asarray(y)
    classes = y.argmax(axis=-1) if y.ndim > 1 and y.shape[-1] > 1 else y.reshape(-1)
    return np.array([class_weight[int(one)] for one in classes], "float32")


def with_class_weights(y, keywords):  # type: ignore[no-untyped-def]
    """The keyword arguments of a fit() whose `class_weight` counts for what `validation_split` keeps as well."""
    keywords = dict(keywords)
    if keywords.get("validation_split") and keywords.get("class_weight") is not None:
        weights = class_weights(y, keywords.pop("class_weight"))  # type: ignore[no-untyped-call]
        keywords.setdefault("sample_weight", weights)
    return keywords
