"""What KerasClassifier and KerasRegressor of Keras 1 and 2 have in common, for scikit-learn of today.

Keras 3 has SKLearnClassifier and SKLearnRegressor: their functions take X and y, targets of two classes become
one-hot rows, and a regressor is judged by its R2 instead of its loss.
"""

import inspect

import numpy as np
import tensorflow as tf
from sklearn.base import BaseEstimator  # type: ignore[import-not-found]


class _Wrapper(BaseEstimator):  # type: ignore[misc]
    def __init__(self, build_fn=None, **sk_params):  # type: ignore[no-untyped-def]
        self.build_fn, self.sk_params = build_fn, sk_params
        self.check_params(sk_params)  # type: ignore[no-untyped-call]

    def _build(self):  # type: ignore[no-untyped-def]
        """What makes the model: a function, an object that can be called, or this class itself."""
        return self.__call__ if self.build_fn is None else self.build_fn

    def check_params(self, params):  # type: ignore[no-untyped-def]
        model = tf.keras.Model
        takers = [model.fit, model.predict, model.evaluate, self._build()]  # type: ignore[no-untyped-call]
        for name in params:
            if name != "nb_epoch" and not any(_accepts(taker, name) for taker in takers):  # type: ignore[no-untyped-call]
                raise ValueError(f"{name} is not a legal parameter")

    def get_params(self, deep=True):  # type: ignore[no-untyped-def]
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **params):  # type: ignore[no-untyped-def]
        self.check_params(params)  # type: ignore[no-untyped-call]
        if "build_fn" in params:
            self.build_fn = params.pop("build_fn")
        self.sk_params.update(params)
        return self

    def filter_sk_params(self, fn, override=None):  # type: ignore[no-untyped-def]
        """Those of the parameters that a function takes."""
        taken = {name: value for name, value in self.sk_params.items() if _accepts(fn, name)}  # type: ignore[no-untyped-call]
        return {**taken, **(override or {})}

    def fit(self, x, y, **kwargs):  # type: ignore[no-untyped-def]
        build = self._build()  # type: ignore[no-untyped-call]
        self.model = build(**self.filter_sk_params(build))  # type: ignore[no-untyped-call]
        y = self._targets(y)  # type: ignore[no-untyped-call]
        return self.model.fit(x, y, **self.filter_sk_params(self.model.fit, kwargs))  # type: ignore[no-untyped-call]

    def _targets(self, y):  # type: ignore[no-untyped-def]
        loss = self.model.loss
        name = loss if isinstance(loss, str) else getattr(loss, "__name__", getattr(loss, "name", ""))
        rows = name == "categorical_crossentropy" and len(np.shape(y)) != 2
        return tf.keras.utils.to_categorical(y) if rows else y

    def _predict(self, x, kwargs):  # type: ignore[no-untyped-def]
        return self.model.predict(x, **{"verbose": 0, **self.filter_sk_params(self.model.predict, kwargs)})  # type: ignore[no-untyped-call]

    def _evaluate(self, x, y, kwargs):  # type: ignore[no-untyped-def]
        given = self.filter_sk_params(self.model.evaluate, kwargs)  # type: ignore[no-untyped-call]
        return self.model.evaluate(x, self._targets(y), return_dict=True, **given)  # type: ignore[no-untyped-call]


def _accepts(function, name):  # type: ignore[no-untyped-def]
    return name in inspect.signature(function).parameters
