# mypy: ignore-errors
"""`tf.estimator.experimental`'s early stopping: training ends by what evaluations have written.

Estimators left TensorFlow with 2.16. tf.keras.callbacks.EarlyStopping would remove it.
"""

import operator
import os

import tensorflow.compat.v1 as tf1


def make_early_stopping_hook(estimator, should_stop_fn, run_every_secs=60, run_every_steps=None):
    """`tf.estimator.experimental.make_early_stopping_hook`."""
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError("Only one of `run_every_secs` and `run_every_steps` must be set.")
    return _StopOnPredicateHook(should_stop_fn, run_every_secs, run_every_steps)


def stop_if_higher_hook(
    estimator, metric_name, threshold, eval_dir=None, min_steps=0, run_every_secs=60, run_every_steps=None
):
    """`tf.estimator.experimental.stop_if_higher_hook`."""
    crossed = _crosses(eval_dir or estimator.eval_dir(), metric_name, threshold, min_steps, operator.gt)
    return make_early_stopping_hook(estimator, crossed, run_every_secs, run_every_steps)


def stop_if_lower_hook(
    estimator, metric_name, threshold, eval_dir=None, min_steps=0, run_every_secs=60, run_every_steps=None
):
    """`tf.estimator.experimental.stop_if_lower_hook`."""
    crossed = _crosses(eval_dir or estimator.eval_dir(), metric_name, threshold, min_steps, operator.lt)
    return make_early_stopping_hook(estimator, crossed, run_every_secs, run_every_steps)


def stop_if_no_increase_hook(
    estimator,
    metric_name,
    max_steps_without_increase,
    eval_dir=None,
    min_steps=0,
    run_every_secs=60,
    run_every_steps=None,
):
    """`tf.estimator.experimental.stop_if_no_increase_hook`."""
    stands = _stands(eval_dir or estimator.eval_dir(), metric_name, max_steps_without_increase, min_steps, operator.gt)
    return make_early_stopping_hook(estimator, stands, run_every_secs, run_every_steps)


def stop_if_no_decrease_hook(
    estimator,
    metric_name,
    max_steps_without_decrease,
    eval_dir=None,
    min_steps=0,
    run_every_secs=60,
    run_every_steps=None,
):
    """`tf.estimator.experimental.stop_if_no_decrease_hook`."""
    stands = _stands(eval_dir or estimator.eval_dir(), metric_name, max_steps_without_decrease, min_steps, operator.lt)
    return make_early_stopping_hook(estimator, stands, run_every_secs, run_every_steps)


def read_eval_metrics(eval_dir):
    """Step -> what was evaluated there, in order."""
    found = {}
    for file in tf1.gfile.Glob(os.path.join(eval_dir, "events.out.tfevents.*")):
        for event in tf1.train.summary_iterator(file):
            values = {v.tag: v.simple_value for v in event.summary.value if v.HasField("simple_value")}
            if values:
                found.setdefault(event.step, {}).update(values)
    return dict(sorted(found.items()))


def _metric_by_step(folder, name, min_steps):
    return [(step, values[name]) for step, values in read_eval_metrics(folder).items() if step >= min_steps]


def _crosses(folder, name, threshold, min_steps, better):
    return lambda: any(better(value, threshold) for _, value in _metric_by_step(folder, name, min_steps))


def _stands(folder, name, most, min_steps, better):
    def stands():
        best = best_step = None
        for step, value in _metric_by_step(folder, name, min_steps):
            if best is None or better(value, best):
                best, best_step = value, step
            if step - best_step >= most:
                return True
        return False

    return stands


class _StopOnPredicateHook(tf1.train.SessionRunHook):
    def __init__(self, should_stop_fn, run_every_secs, run_every_steps):
        self._should_stop = should_stop_fn
        self._timer = tf1.train.SecondOrStepTimer(every_secs=run_every_secs, every_steps=run_every_steps)

    def begin(self):
        # a variable of the checkpoint, by which other workers were told
        with tf1.variable_scope("signal_early_stopping", reuse=tf1.AUTO_REUSE):
            told = tf1.get_variable(
                "STOP",
                [],
                tf1.bool,
                tf1.constant_initializer(False),
                trainable=False,
                collections=[tf1.GraphKeys.GLOBAL_VARIABLES],
            )
        self._stop, self._step = tf1.assign(told, True), tf1.train.get_global_step()

    def before_run(self, run_context):
        return tf1.train.SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        if self._timer.should_trigger_for_step(run_values.results):
            self._timer.update_last_triggered_step(run_values.results)
            if self._should_stop():
                tf1.logging.info("Requesting early stopping at global step %d", run_values.results)
                run_context.session.run(self._stop)
                run_context.request_stop()
