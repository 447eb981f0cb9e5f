# mypy: ignore-errors
"""`tf.estimator.tpu` (`tf.contrib.tpu`) as it ran without a TPU. Estimators left TensorFlow with 2.16."""

import collections
import copy
import enum

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.Estimator import Estimator, _argument_names
from tfkdoctor.support.EstimatorSpec import EstimatorSpec, _checked_hooks
from tfkdoctor.support.ModeKeys import ModeKeys
from tfkdoctor.support.RunConfig import RunConfig


class InputPipelineConfig(enum.IntEnum):
    """`tf.estimator.tpu.InputPipelineConfig`; without a TPU all are the same."""

    PER_SHARD_V1 = 1
    PER_HOST_V1 = 2
    PER_HOST_V2 = 3
    BROADCAST = 4
    SLICED = 5


_TPU_CONFIG = {
    "iterations_per_loop": 2,
    "num_shards": None,
    "num_cores_per_replica": None,
    "per_host_input_for_training": True,
    "tpu_job_name": None,
    "initial_infeed_sleep_secs": None,
    "input_partition_dims": None,
    "eval_training_input_configuration": InputPipelineConfig.PER_HOST_V1,
    "experimental_host_call_every_n_steps": 1,
}


class TPUConfig(collections.namedtuple("TPUConfig", list(_TPU_CONFIG), defaults=list(_TPU_CONFIG.values()))):
    """`tf.estimator.tpu.TPUConfig`; nothing of it matters without a TPU."""


class TPURunConfig(RunConfig):
    """`tf.estimator.tpu.RunConfig`."""

    def __init__(self, tpu_config=None, evaluation_master=None, master=None, cluster=None, **keywords):
        super().__init__(**keywords)
        if cluster is not None:
            raise ValueError("TPUs are reached through tf.distribute.TPUStrategy, and estimators ran without one here")
        self.tpu_config, self.cluster = tpu_config or TPUConfig(), None
        self.master = self.master if master is None else master
        self.evaluation_master = evaluation_master or self.evaluation_master or self.master


_TPU_SPEC = ("predictions", "loss", "train_op", "eval_metrics", "export_outputs", "scaffold_fn", "host_call")
_TPU_HOOKS = ("training_hooks", "evaluation_hooks", "prediction_hooks")


class TPUEstimatorSpec(
    collections.namedtuple("TPUEstimatorSpec", ["mode", *_TPU_SPEC, *_TPU_HOOKS], defaults=[None] * 10)
):
    """`tf.estimator.tpu.TPUEstimatorSpec`: metrics as a function and what it takes."""

    def as_estimator_spec(self):
        hooks = [_RunsWithEachStep(_called_on_host(self.host_call))] if self.host_call is not None else []
        return EstimatorSpec(
            mode=self.mode,
            predictions=self.predictions,
            loss=self.loss,
            train_op=self.train_op,
            eval_metric_ops=_called_on_host(self.eval_metrics) if self.eval_metrics is not None else None,
            export_outputs=self.export_outputs,
            scaffold=self.scaffold_fn() if self.scaffold_fn else None,
            training_hooks=[*_checked_hooks(self.training_hooks), *hooks],
            evaluation_hooks=[*_checked_hooks(self.evaluation_hooks), *hooks],
            prediction_hooks=[*_checked_hooks(self.prediction_hooks), *hooks],
        )


class TPUEstimator(Estimator):
    """`tf.estimator.tpu.TPUEstimator` with `use_tpu=False`: functions get their batch size in params."""

    def __init__(
        self,
        model_fn=None,
        model_dir=None,
        config=None,
        params=None,
        use_tpu=True,
        train_batch_size=None,
        eval_batch_size=None,
        predict_batch_size=None,
        batch_axis=None,
        eval_on_tpu=True,
        export_to_tpu=True,
        export_to_cpu=True,
        warm_start_from=None,
        embedding_config_spec=None,
        export_saved_model_api_version=None,
    ):
        if use_tpu:
            raise ValueError("TPUs are reached through tf.distribute.TPUStrategy; without one, use use_tpu=False")
        if not hasattr(config, "tpu_config"):
            raise ValueError("`config` must be provided with the type of tf.estimator.tpu.RunConfig")
        if params is not None and any(key in params for key in ("batch_size", "context")):
            raise ValueError(f"batch_size and context are reserved keys but existed in params {params}.")
        self._batch_sizes = {
            ModeKeys.TRAIN: train_batch_size,
            ModeKeys.EVAL: eval_batch_size,
            ModeKeys.PREDICT: predict_batch_size,
        }
        self._fed = False
        super().__init__(model_fn, model_dir, config, params, warm_start_from)

    def _call_input_fn(self, input_fn, mode):
        if "params" not in _argument_names(input_fn):
            raise ValueError(f"input_fn ({input_fn}) does not include params argument, which holds the batch size")
        self._fed = True
        whole, self._params = self._params, self._with_batch_size(mode)
        try:
            return super()._call_input_fn(input_fn, mode)
        finally:
            self._params = whole

    def _call_model_fn(self, features, labels, mode, config):
        fed, self._fed = self._fed, False
        known = {"labels": labels, "mode": mode, "config": config}
        known["params"] = self._with_batch_size(mode if fed else None)
        _put(known["params"], "use_tpu", False)
        taken = _argument_names(self._model_fn)
        if labels is not None and "labels" not in taken:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        spec = self._model_fn(features=features, **{name: known[name] for name in known if name in taken})
        spec = spec.as_estimator_spec() if hasattr(spec, "as_estimator_spec") else spec
        if not hasattr(spec, "eval_metric_ops"):
            raise ValueError("model_fn should return a TPUEstimatorSpec or an EstimatorSpec.")
        return spec

    def _with_batch_size(self, mode):
        params = copy.deepcopy(self._params)
        if self._batch_sizes.get(mode) is not None:
            _put(params, "batch_size", self._batch_sizes[mode])
        return params


class _RunsWithEachStep(tf1.train.SessionRunHook):
    def __init__(self, tensors):
        self._tensors = tensors

    def before_run(self, run_context):
        return tf1.train.SessionRunArgs(self._tensors)


def _called_on_host(call):
    function, tensors = call
    return function(*tensors) if isinstance(tensors, tuple | list) else function(**tensors)


def _put(params, key, value):
    """Set an item of a dictionary, or a hyperparameter of HParams."""
    if not hasattr(params, "set_hparam"):
        params[key] = value
    elif key in params:
        params.set_hparam(key, value)
    else:
        params.add_hparam(key, value)
