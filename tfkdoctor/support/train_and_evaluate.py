# mypy: ignore-errors
"""`tf.estimator.train_and_evaluate` and its specs and exporters, in one process. Estimators left with TF 2.16."""

import collections
import os

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.EstimatorSpec import _checked_hooks


class TrainSpec(collections.namedtuple("TrainSpec", ["input_fn", "max_steps", "hooks"])):
    """`tf.estimator.TrainSpec`."""

    def __new__(cls, input_fn, max_steps=None, hooks=None):
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, _checked_hooks(hooks))


_EVAL_SPEC = ("input_fn", "steps", "name", "hooks", "exporters", "start_delay_secs", "throttle_secs")


class EvalSpec(collections.namedtuple("EvalSpec", _EVAL_SPEC)):
    """`tf.estimator.EvalSpec`: 100 batches where nothing else is said."""

    def __new__(
        cls, input_fn, steps=100, name=None, hooks=None, exporters=None, start_delay_secs=120, throttle_secs=600
    ):
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        exporters = [exporters] if hasattr(exporters, "export") else list(exporters or [])
        if len({one.name for one in exporters}) < len(exporters):
            raise ValueError(f"`exporters` must have unique names: {[one.name for one in exporters]}")
        return super().__new__(
            cls, input_fn, steps, name, _checked_hooks(hooks), tuple(exporters), start_delay_secs, throttle_secs
        )


def train_and_evaluate(estimator, train_spec, eval_spec):
    """Train, evaluate after each checkpoint that is saved (but for the first); metrics and exports of the last."""
    listener = _EvaluatesCheckpoints(estimator, train_spec, eval_spec)
    estimator.train(
        train_spec.input_fn, hooks=train_spec.hooks, max_steps=train_spec.max_steps, saving_listeners=[listener]
    )
    return listener.metrics, listener.exports


class _EvaluatesCheckpoints(tf1.train.CheckpointSaverListener):
    def __init__(self, estimator, train_spec, eval_spec):
        self._estimator, self._train, self._eval = estimator, train_spec, eval_spec
        self.metrics = self.exports = self._evaluated = None

    def begin(self):
        self._timer = tf1.train.SecondOrStepTimer(every_secs=self._eval.throttle_secs)
        self._first = True

    def after_save(self, session, global_step_value):
        if self._first:
            self._first = False
        elif self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)

    def end(self, session, global_step_value):
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step):
        self._timer.update_last_triggered_step(step)
        latest = self._estimator.latest_checkpoint()
        if not latest or latest == self._evaluated:
            raise RuntimeError("There was no new checkpoint after the training.")
        asked = self._eval
        self.metrics = self._estimator.evaluate(
            asked.input_fn, steps=asked.steps, name=asked.name, checkpoint_path=latest, hooks=asked.hooks
        )
        limit = self._train.max_steps
        final = bool(limit) and self.metrics["global_step"] >= limit
        base = os.path.join(self._estimator.model_dir, "export")
        self.exports = [
            one.export(self._estimator, os.path.join(base, one.name), latest, self.metrics, final)
            for one in asked.exporters
        ]
        self._evaluated = latest


class Exporter:
    """`tf.estimator.Exporter`: has a `name` and exports after an evaluation."""

    name = None

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        raise NotImplementedError


class _SavedModelExporter(Exporter):
    def __init__(self, name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep=None):
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError("`exports_to_keep`, if provided, must be positive number")
        self.name, self._receiver, self._keep = name, serving_input_receiver_fn, exports_to_keep
        self._assets_extra, self._as_text = assets_extra, as_text

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        found = estimator.export_saved_model(
            export_path, self._receiver, self._assets_extra, self._as_text, checkpoint_path
        )
        if self._keep is not None:
            names = [name.strip("/") for name in tf1.gfile.ListDirectory(export_path)]
            for old in sorted(name for name in names if len(name) == 10 and name.isdigit())[: -self._keep]:
                tf1.gfile.DeleteRecursively(os.path.join(export_path, old))
        return found


class LatestExporter(_SavedModelExporter):
    """`tf.estimator.LatestExporter`: after each evaluation, the newest few kept."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False, exports_to_keep=5):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)


class FinalExporter(_SavedModelExporter):
    """`tf.estimator.FinalExporter`: once, at the end of training."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if not is_the_final_export:
            return None
        return super().export(estimator, export_path, checkpoint_path, eval_result, is_the_final_export)


def _loss_smaller(best_eval_result, current_eval_result):
    return best_eval_result["loss"] > current_eval_result["loss"]


class BestExporter(_SavedModelExporter):
    """`tf.estimator.BestExporter`: whenever an evaluation is better than all before it."""

    def __init__(
        self,
        name="best_exporter",
        serving_input_receiver_fn=None,
        event_file_pattern="eval/*.tfevents.*",
        compare_fn=_loss_smaller,
        assets_extra=None,
        as_text=False,
        exports_to_keep=5,
    ):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        self._compare, self._pattern, self._best, self._folder = compare_fn, event_file_pattern, None, None

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if self._pattern and self._folder != estimator.model_dir:
            self._folder = estimator.model_dir
            self._best = self._best_of(tf1.gfile.Glob(os.path.join(self._folder, self._pattern)))
        if self._best is not None and not self._compare(best_eval_result=self._best, current_eval_result=eval_result):
            return None
        self._best = eval_result
        return super().export(estimator, export_path, checkpoint_path, eval_result, is_the_final_export)

    def _best_of(self, files):
        """The best of the results that were written as summaries."""
        best = None
        for event in (event for file in files for event in tf1.train.summary_iterator(file)):
            found = {v.tag: v.simple_value for v in event.summary.value if v.HasField("simple_value")}
            if found and (best is None or self._compare(best_eval_result=best, current_eval_result=found)):
                best = found
        return best
