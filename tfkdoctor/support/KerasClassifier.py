"""keras.wrappers.scikit_learn.KerasClassifier: a model as a classifier of scikit-learn."""

import numpy as np

from tfkdoctor.support.sklearn_wrapper import _Wrapper


class KerasClassifier(_Wrapper):
    """Made with a function that builds a model, its arguments, and those of fit; scikeras' class takes `model=`."""

    def fit(self, x, y, sample_weight=None, **kwargs):  # type: ignore[no-untyped-def]
        y = np.array(y)
        if y.ndim == 2 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
        elif y.ndim in (1, 2):
            self.classes_ = np.unique(y)
            y = np.searchsorted(self.classes_, y)
        else:
            raise ValueError(f"Invalid shape for y: {y.shape}")
        self.n_classes_ = len(self.classes_)
        if sample_weight is not None:
            kwargs["sample_weight"] = sample_weight
        return super().fit(x, y, **kwargs)  # type: ignore[no-untyped-call]

    def predict(self, x, **kwargs):  # type: ignore[no-untyped-def]
        probabilities = self._predict(x, kwargs)  # type: ignore[no-untyped-call]
        several = probabilities.shape[-1] > 1
        return self.classes_[probabilities.argmax(axis=-1) if several else (probabilities > 0.5).astype("int32")]

    def predict_proba(self, x, **kwargs):  # type: ignore[no-untyped-def]
        """A column for each class, two of them for a model with one output."""
        probabilities = self._predict(x, kwargs)  # type: ignore[no-untyped-call]
        return np.hstack([1 - probabilities, probabilities]) if probabilities.shape[1] == 1 else probabilities

    def score(self, x, y, **kwargs):  # type: ignore[no-untyped-def]
        """The accuracy, for a model that is compiled with metrics=['accuracy']."""
        found = self._evaluate(x, np.searchsorted(self.classes_, y), kwargs)  # type: ignore[no-untyped-call]
        for name in ("acc", "accuracy"):
            if name in found:
                return found[name]
        raise ValueError("The model computes no accuracy: pass metrics=['accuracy'] to model.compile()")
