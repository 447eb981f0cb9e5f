"""keras.wrappers.scikit_learn.KerasRegressor: a model as a regressor of scikit-learn, judged by its loss."""

import numpy as np

from tfkdoctor.support.sklearn_wrapper import _Wrapper


class KerasRegressor(_Wrapper):
    """Made with a function that builds a model, its arguments, and those of fit; scikeras' class judges by R2."""

    def predict(self, x, **kwargs):  # type: ignore[no-untyped-def]
        predictions = np.array(self._predict(x, kwargs))  # type: ignore[no-untyped-call]
        return np.squeeze(predictions, axis=-1) if predictions.shape[-1] == 1 else predictions

    def score(self, x, y, **kwargs):  # type: ignore[no-untyped-def]
        """The loss, below zero, so that more is better."""
        return -self._evaluate(x, y, kwargs)["loss"]  # type: ignore[no-untyped-call]
