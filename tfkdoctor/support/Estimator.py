# mypy: ignore-errors
"""`tf.estimator.Estimator`: a model function that is trained, evaluated and asked in graphs and sessions of its own.

Estimators left TensorFlow with 2.16. A tf.keras model with fit, evaluate and predict would remove it.
"""

import copy
import inspect
import os
import tempfile
import time

import numpy as np
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.EstimatorSpec import _checked_hooks
from tfkdoctor.support.export_outputs import _export_signatures
from tfkdoctor.support.ModeKeys import ModeKeys
from tfkdoctor.support.RunConfig import RunConfig
from tfkdoctor.support.WarmStartSettings import WarmStartSettings


class Estimator:
    """`tf.estimator.Estimator`: its checkpoints lie in `model_dir`, each call continues from the last."""

    def __init__(self, model_fn, model_dir=None, config=None, params=None, warm_start_from=None):
        config = config or RunConfig()
        if not hasattr(config, "save_checkpoints_steps"):  # of this module, or another package's own
            raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
        model_dir = os.fspath(model_dir) if model_dir is not None else None
        if model_dir and config.model_dir and config.model_dir != model_dir:
            raise ValueError(f"model_dir is {model_dir!r}, and {config.model_dir!r} in RunConfig")
        if not (model_dir or config.model_dir):
            model_dir = tempfile.mkdtemp()
            tf1.logging.warning("Using temporary folder as model directory: %s", model_dir)
        self._config = config.replace(model_dir=model_dir or config.model_dir)
        if self._config.session_config is None:
            self._config = self._config.replace(session_config=tf1.ConfigProto(allow_soft_placement=True))
        self._model_dir, self._session_config = self._config.model_dir, self._config.session_config
        taken = _argument_names(model_fn)
        if "features" not in taken:
            raise ValueError(f"model_fn ({model_fn}) must include features argument.")
        if params is not None and "params" not in taken:
            raise ValueError(
                f"model_fn ({model_fn}) does not include params argument, but params ({params}) is passed."
            )
        unknown = set(taken) - {"features", "labels", "mode", "params", "self", "config"}
        if unknown:
            raise ValueError(f"model_fn ({model_fn}) has following not expected args: {sorted(unknown)}")
        self._model_fn, self._params = model_fn, copy.deepcopy(params or {})
        self._warm_start_settings = _warm_start_settings(warm_start_from)

    @property
    def model_dir(self):
        return self._model_dir

    @property
    def config(self):
        return copy.deepcopy(self._config)

    @property
    def params(self):
        return copy.deepcopy(self._params)

    @property
    def model_fn(self):
        return lambda features, labels, mode, config: self._call_model_fn(features, labels, mode, config)

    def latest_checkpoint(self):
        return tf1.train.latest_checkpoint(self._model_dir)

    def get_variable_value(self, name):
        self._assert_trained()
        return tf1.train.load_variable(self._model_dir, name)

    def get_variable_names(self):
        self._assert_trained()
        return [name for name, _ in tf1.train.list_variables(self._model_dir)]

    def eval_dir(self, name=None):
        return os.path.join(self._model_dir, f"eval_{name}" if name else "eval")

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Train for `steps` more, or until `max_steps` in all, or until the input ends."""
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        for name, number in (("steps", steps), ("max_steps", max_steps)):
            if number is not None and number <= 0:
                raise ValueError(f"Must specify {name} > 0, given: {number}")
        latest = self.latest_checkpoint()
        if max_steps is not None and latest and max_steps <= tf1.train.load_variable(latest, "global_step"):
            tf1.logging.info("Skipping training since max_steps has already saved.")
            return self
        stop = [] if steps is None and max_steps is None else [tf1.train.StopAtStepHook(steps, max_steps)]
        with tf1.Graph().as_default() as graph, graph.device(self._config.device_fn):
            tf1.set_random_seed(self._config.tf_random_seed)
            step = tf1.train.create_global_step(graph)
            features, labels, worker_hooks = self._input(input_fn, ModeKeys.TRAIN)
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            worker_hooks += [*_checked_hooks(hooks), *stop]
            loss = self._run_training(spec, step, worker_hooks, list(saving_listeners or []))
        tf1.logging.info("Loss for final step: %s.", loss)
        return self

    def _run_training(self, spec, step, hooks, listeners):
        config = self._config
        if self._warm_start_settings:
            tf1.train.warm_start(*self._warm_start_settings)
        if not any(summary.op.name == "loss" for summary in tf1.get_collection(tf1.GraphKeys.SUMMARIES)):
            tf1.summary.scalar("loss", spec.loss)
        tf1.add_to_collection(tf1.GraphKeys.LOSSES, spec.loss)
        hooks.append(tf1.train.NanTensorHook(spec.loss))
        if config.log_step_count_steps is not None:
            told = {"loss": spec.loss, "step": step}
            hooks.append(tf1.train.LoggingTensorHook(told, every_n_iter=config.log_step_count_steps))
        hooks += spec.training_hooks
        if not (spec.scaffold.saver or tf1.get_collection(tf1.GraphKeys.SAVERS)):
            saver = tf1.train.Saver(
                sharded=True,
                max_to_keep=config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                defer_build=True,
                save_relative_paths=True,
            )
            tf1.add_to_collection(tf1.GraphKeys.SAVERS, saver)
        chief = []
        savers = [h for h in (*hooks, *spec.training_chief_hooks) if isinstance(h, tf1.train.CheckpointSaverHook)]
        if not savers and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            often = {"save_secs": config.save_checkpoints_secs, "save_steps": config.save_checkpoints_steps}
            chief = [
                tf1.train.CheckpointSaverHook(self._model_dir, scaffold=spec.scaffold, listeners=listeners, **often)
            ]
        elif listeners and not savers:
            raise ValueError("saving_listeners need RunConfig.save_checkpoints_steps or save_checkpoints_secs")
        elif listeners:
            savers[0]._listeners += [one for one in listeners if one not in savers[0]._listeners]
        loss = None
        with tf1.train.MonitoredTrainingSession(
            master=config.master,
            is_chief=config.is_chief,
            checkpoint_dir=self._model_dir,
            scaffold=spec.scaffold,
            hooks=hooks,
            chief_only_hooks=(*chief, *spec.training_chief_hooks),
            save_checkpoint_secs=0,
            save_summaries_steps=config.save_summary_steps,
            config=self._session_config,
            max_wait_secs=config.session_creation_timeout_secs,
            log_step_count_steps=config.log_step_count_steps,
        ) as session:
            while not session.should_stop():
                _, loss = session.run([spec.train_op, spec.loss])
        if loss is None:
            tf1.logging.warning("Training with estimator made no steps. Perhaps input is empty or misspecified.")
        return loss

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """The metrics over the input, or over `steps` batches of it, by their names."""
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        with tf1.Graph().as_default():
            tf1.set_random_seed(self._config.tf_random_seed)
            step = tf1.train.create_global_step()
            features, labels, all_hooks = self._input(input_fn, ModeKeys.EVAL)
            spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
            metrics = spec.eval_metric_ops
            for own in ("loss", "global_step"):
                if own in metrics:
                    raise ValueError(f'Metric with name "{own}" is not allowed, because Estimator already defines it.')
            metrics = {**metrics, "loss": tf1.metrics.mean(spec.loss)}
            update = tf1.group(*(metrics[key][1] for key in sorted(metrics)))
            values = {**{key: value for key, (value, _) in metrics.items()}, "global_step": step}
            self._warm_start_where_new(checkpoint_path)
            final = tf1.train.FinalOpsHook(values)
            all_hooks += [
                *_checked_hooks(hooks),
                *([_StopAfter(steps)] if steps else []),
                *spec.evaluation_hooks,
                final,
            ]
            scaffold = spec.scaffold
            if scaffold.local_init_op is not None:
                both = tf1.group(scaffold.local_init_op, tf1.train.Scaffold.default_local_init_op())
                scaffold = tf1.train.Scaffold(local_init_op=both, copy_from_scaffold=scaffold)
            with self._session(scaffold, checkpoint_path, all_hooks, self._config.evaluation_master) as session:
                while not session.should_stop():
                    session.run(update)
        self._write_results(self.eval_dir(name), final.final_ops_values)
        return final.final_ops_values

    def predict(self, input_fn, predict_keys=None, hooks=None, checkpoint_path=None, yield_single_examples=True):
        """What the model predicts, example after example, until the input ends."""
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        with tf1.Graph().as_default():
            tf1.set_random_seed(self._config.tf_random_seed)
            tf1.train.create_global_step()
            features, _, all_hooks = self._input(input_fn, ModeKeys.PREDICT)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            self._warm_start_where_new(checkpoint_path)
            predictions = _chosen(spec.predictions, predict_keys)
            all_hooks += [*_checked_hooks(hooks), *spec.prediction_hooks]
            with self._session(spec.scaffold, checkpoint_path, all_hooks, self._config.master) as session:
                while not session.should_stop():
                    found = session.run(predictions)
                    yield from _single_examples(found) if yield_single_examples else [found]

    def export_saved_model(
        self,
        export_dir_base,
        serving_input_receiver_fn,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        experimental_mode=ModeKeys.PREDICT,
    ):
        """Write a SavedModel into a folder named by the time; the folder, as bytes."""
        if serving_input_receiver_fn is None:
            raise ValueError("An input_receiver_fn must be defined.")
        if experimental_mode != ModeKeys.PREDICT:
            raise NotImplementedError("graphs for training or evaluation are not exported any more")
        return self._export(export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path, True)

    def export_savedmodel(
        self,
        export_dir_base,
        serving_input_receiver_fn=None,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        strip_default_attrs=False,
    ):
        """`export_saved_model` under its first name."""
        if serving_input_receiver_fn is None:
            raise ValueError("serving_input_receiver_fn must be defined.")
        return self._export(
            export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path, strip_default_attrs
        )

    def _export(self, base, receiver_fn, assets_extra, as_text, checkpoint_path, strip_default_attrs):
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        if not checkpoint_path and self._warm_start_settings:
            start = self._warm_start_settings.ckpt_to_initialize_from
            checkpoint_path = tf1.train.latest_checkpoint(start) if tf1.gfile.IsDirectory(start) else start
        if not checkpoint_path:
            raise ValueError(f"Couldn't find trained model at {self._model_dir}.")
        base = os.fsdecode(base)
        while tf1.gfile.Exists(os.path.join(base, str(int(time.time())))):
            time.sleep(1)
        stamp = str(int(time.time()))
        folder, unfinished = os.path.join(base, stamp), os.path.join(base, f"temp-{stamp}")
        builder = tf1.saved_model.builder.SavedModelBuilder(unfinished)
        with tf1.Graph().as_default():
            tf1.train.create_global_step()
            tf1.set_random_seed(self._config.tf_random_seed)
            receiver = receiver_fn()
            spec = self._call_model_fn(receiver.features, None, ModeKeys.PREDICT, self.config)
            signatures = _export_signatures(receiver, spec.export_outputs)
            with tf1.Session(config=self._session_config) as session:
                local_init_op = spec.scaffold.local_init_op
                if local_init_op is None:
                    local_init_op = tf1.train.Scaffold.default_local_init_op()
                saver = spec.scaffold.saver or tf1.train.Saver(sharded=True)
                saver.restore(session, checkpoint_path)
                builder.add_meta_graph_and_variables(
                    session,
                    [tf1.saved_model.tag_constants.SERVING],
                    signature_def_map=signatures,
                    assets_collection=tf1.get_collection(tf1.GraphKeys.ASSET_FILEPATHS),
                    main_op=local_init_op,
                    saver=saver,
                    strip_default_attrs=strip_default_attrs,
                )
        builder.save(as_text)
        for name, source in (assets_extra or {}).items():
            wanted = os.path.join(unfinished, "assets.extra", os.fsdecode(name))
            tf1.gfile.MakeDirs(os.path.dirname(wanted))
            tf1.gfile.Copy(source, wanted)
        tf1.gfile.Rename(unfinished, folder)
        return os.fsencode(folder)

    def _input(self, input_fn, mode):
        """Features, labels and what must be done before they can be read."""
        with tf1.device("/cpu:0"):
            result = self._call_input_fn(input_fn, mode)
        hooks = []
        if isinstance(result, tf1.data.Dataset) or hasattr(result, "element_spec"):
            iterator = tf1.data.make_initializable_iterator(result)
            hooks.append(_DatasetInitializerHook(iterator.initializer))
            result = iterator.get_next()
        if not isinstance(result, list | tuple):
            return result, None, hooks
        if len(result) != 2:
            raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
        return result[0], result[1], hooks

    def _call_input_fn(self, input_fn, mode):
        known = {"mode": mode, "params": self.params, "config": self.config}
        taken = _argument_names(input_fn)
        return input_fn(**{name: value for name, value in known.items() if name in taken})

    def _call_model_fn(self, features, labels, mode, config):
        known = {"labels": labels, "mode": mode, "params": self.params, "config": config}
        taken = _argument_names(self._model_fn)
        if labels is not None and "labels" not in taken:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        spec = self._model_fn(features=features, **{name: known[name] for name in known if name in taken})
        if not hasattr(spec, "eval_metric_ops"):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec

    def _session(self, scaffold, checkpoint_path, hooks, master):
        creator = tf1.train.ChiefSessionCreator(
            scaffold=scaffold,
            checkpoint_filename_with_path=checkpoint_path,
            master=master,
            config=self._session_config,
        )
        return tf1.train.MonitoredSession(session_creator=creator, hooks=hooks)

    def _warm_start_where_new(self, checkpoint_path):
        if not checkpoint_path and self._warm_start_settings:
            tf1.train.warm_start(*self._warm_start_settings)

    def _assert_trained(self):
        if not self.latest_checkpoint():
            raise ValueError(f"Could not find trained model in model_dir: {self._model_dir}.")

    @staticmethod
    def _write_results(folder, results):
        """Numbers of an evaluation as a summary, for TensorBoard."""
        told = ", ".join(f"{key} = {value}" for key, value in sorted(results.items()))
        tf1.logging.info("Saving dict for global step %d: %s", results["global_step"], told)
        summary = tf1.Summary()
        for key, value in results.items():
            if key != "global_step" and isinstance(value, np.floating | np.integer | float | int):
                summary.value.add(tag=key, simple_value=float(value))
        writer = tf1.summary.FileWriterCache.get(folder)
        writer.add_summary(summary, results["global_step"])
        writer.flush()


class _DatasetInitializerHook(tf1.train.SessionRunHook):
    """Starts the iterator of a Dataset with each session."""

    def __init__(self, initializer):
        self._initializer = initializer

    def after_create_session(self, session, coord):
        session.run(self._initializer)


class _StopAfter(tf1.train.SessionRunHook):
    """Ends an evaluation after a number of batches."""

    def __init__(self, number):
        self._number = number

    def after_create_session(self, session, coord):
        self._done = 0

    def after_run(self, run_context, run_values):
        self._done += 1
        if self._done >= self._number:
            run_context.request_stop()


def _argument_names(function):
    """The names that a function takes, without those that are bound already."""
    bound, given = (), 0
    while hasattr(function, "func") and hasattr(function, "keywords"):
        bound, given, function = (*bound, *function.keywords), given + len(function.args), function.func
    if not inspect.isroutine(function) and not inspect.isclass(function):
        function = function.__call__
    spec = inspect.getfullargspec(function)
    names = spec.args[1:] if inspect.ismethod(function) or inspect.isclass(function) else spec.args
    return [name for name in names[given:] + spec.kwonlyargs if name not in bound]


def _warm_start_settings(start):
    if start is None or hasattr(start, "ckpt_to_initialize_from"):
        return start
    inside = os.path.join(os.fsdecode(start), "variables", "variables")
    return WarmStartSettings(inside if tf1.gfile.Exists(f"{inside}.index") else start)


def _chosen(predictions, keys):
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    kept = {key: value for key, value in predictions.items() if key in keys}
    if not kept:
        raise ValueError(f"Expected to run at least one output from {list(predictions)}, provided {keys}.")
    return kept


def _single_examples(batch):
    if not isinstance(batch, dict):
        return list(batch)
    if len({len(value) for value in batch.values()}) > 1:
        raise ValueError("Batch length of predictions should be same.")
    return [{key: value[i] for key, value in batch.items()} for i in range(len(next(iter(batch.values()))))]
