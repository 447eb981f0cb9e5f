"""Class weights as weights of samples: in Keras 1 and 2 they counted for what `validation_split` keeps as well.

tf.keras weighs the samples of the training alone: without it `val_loss` is the loss of equal classes.
"""

import numpy as np


def class_weights(y, class_weight, sample_weight=None):  # type: ignore[no-untyped-def]
    """The weight of each sample by its class: fit(x, y, sample_weight=class_weights(y, {0: 1.0, 1: 3.0})).

    What is no dictionary counts for nothing, as in Keras 1 and 2; `sample_weight` is multiplied, as in Keras 2.2.5.
    """
    if not isinstance(class_weight, dict):
        return sample_weight
    y = np.asarray(y)
    classes = y.argmax(axis=-1) if y.ndim > 1 and y.shape[-1] > 1 else y.reshape(-1)
    weights = np.array([class_weight[int(one)] for one in classes], "float32")
    return weights if sample_weight is None else weights * sample_weight


def with_class_weights(y, keywords):  # type: ignore[no-untyped-def]
    """The keyword arguments of a fit() whose `class_weight` counts for what `validation_split` keeps as well."""
    keywords = dict(keywords)
    if keywords.get("class_weight") is not None and (keywords.get("validation_split") or "sample_weight" in keywords):
        given = (keywords.pop("class_weight"), keywords.get("sample_weight"))
        keywords["sample_weight"] = class_weights(y, *given)  # type: ignore[no-untyped-call]
    return keywords
