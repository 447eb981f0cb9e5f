# mypy: ignore-errors
"""`tf.estimator.add_metrics`: an estimator with more metrics. Estimators left TensorFlow with 2.16."""

from tfkdoctor.support.Estimator import Estimator, _argument_names
from tfkdoctor.support.ModeKeys import ModeKeys


def add_metrics(estimator, metric_fn):
    """`tf.estimator.add_metrics`: `metric_fn` takes any of features, labels, predictions and config."""
    taken = _argument_names(metric_fn)
    unknown = set(taken) - {"features", "labels", "predictions", "config"}
    if unknown:
        raise ValueError(f"metric_fn ({metric_fn}) has following not expected args: {sorted(unknown)}")

    def model_fn(features, labels, mode, config):
        spec = estimator.model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL:
            return spec
        known = {"features": features, "labels": labels, "predictions": spec.predictions, "config": config}
        more = metric_fn(**{name: known[name] for name in taken})
        return spec._replace(eval_metric_ops={**spec.eval_metric_ops, **more})

    return Estimator(model_fn, estimator.model_dir, estimator.config, warm_start_from=estimator._warm_start_settings)
