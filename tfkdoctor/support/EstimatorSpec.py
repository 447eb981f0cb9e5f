# mypy: ignore-errors
"""`tf.estimator.EstimatorSpec`: what a model function returns. Estimators left TensorFlow with 2.16."""

import collections

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.export_outputs import _checked_export_outputs
from tfkdoctor.support.ModeKeys import ModeKeys

_SPEC = ("predictions", "loss", "train_op", "eval_metric_ops", "export_outputs", "training_chief_hooks")
_SPEC_HOOKS = ("training_hooks", "scaffold", "evaluation_hooks", "prediction_hooks")


class EstimatorSpec(collections.namedtuple("EstimatorSpec", ["mode", *_SPEC, *_SPEC_HOOKS])):
    """`tf.estimator.EstimatorSpec`: the operations of one mode, checked for what that mode needs."""

    def __new__(
        cls,
        mode,
        predictions=None,
        loss=None,
        train_op=None,
        eval_metric_ops=None,
        export_outputs=None,
        training_chief_hooks=None,
        training_hooks=None,
        scaffold=None,
        evaluation_hooks=None,
        prediction_hooks=None,
    ):
        needed = {
            ModeKeys.TRAIN: {"train_op": train_op, "loss": loss},
            ModeKeys.EVAL: {"loss": loss},
            ModeKeys.PREDICT: {"predictions": predictions},
        }
        for name, value in needed.get(mode, {}).items():
            if value is None:
                raise ValueError(f"Missing {name}.")
        if loss is not None:
            if loss.shape.num_elements() not in (None, 1):
                raise ValueError(f"Loss must be scalar, given: {loss}")
            loss = loss if loss.shape.is_compatible_with([]) else tf1.reshape(loss, [])
        for name, value in (eval_metric_ops or {}).items():
            if not isinstance(value, tuple) or len(value) != 2:
                raise TypeError(f"eval_metric_ops holds (metric_value, update_op) tuples, not {value} for {name}")
        if mode == ModeKeys.PREDICT:
            export_outputs = _checked_export_outputs(export_outputs, predictions)
        return super().__new__(
            cls,
            mode=mode,
            predictions={} if predictions is None else predictions,
            loss=loss,
            train_op=train_op.op if isinstance(train_op, tf1.Variable) else train_op,
            eval_metric_ops=eval_metric_ops or {},
            export_outputs=export_outputs,
            training_chief_hooks=_checked_hooks(training_chief_hooks),
            training_hooks=_checked_hooks(training_hooks),
            scaffold=scaffold or tf1.train.Scaffold(),
            evaluation_hooks=_checked_hooks(evaluation_hooks),
            prediction_hooks=_checked_hooks(prediction_hooks),
        )

    def _replace(self, **fields):
        return EstimatorSpec(**{**self._asdict(), **fields})


def _checked_hooks(hooks):
    for hook in hooks or ():
        if not isinstance(hook, tf1.train.SessionRunHook):
            raise TypeError(f"Hooks must be a SessionRunHook, given: {hook}")
    return tuple(hooks or ())
