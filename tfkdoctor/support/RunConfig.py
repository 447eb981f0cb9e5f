# mypy: ignore-errors
"""`tf.estimator.RunConfig`: where and how often an estimator saves, seeds and logs, in one process.

Estimators left TensorFlow with 2.16.
"""

import copy
import json
import os

import tensorflow.compat.v1 as tf1


class RunConfig:
    """`tf.estimator.RunConfig`; several machines or devices are refused."""

    def __init__(
        self,
        model_dir=None,
        tf_random_seed=None,
        save_summary_steps=100,
        save_checkpoints_steps=Ellipsis,
        save_checkpoints_secs=Ellipsis,
        session_config=None,
        keep_checkpoint_max=5,
        keep_checkpoint_every_n_hours=10000,
        log_step_count_steps=100,
        train_distribute=None,
        device_fn=None,
        protocol=None,
        eval_distribute=None,
        experimental_distribute=None,
        experimental_max_worker_delay_secs=None,
        session_creation_timeout_secs=7200,
    ):
        told = json.loads(os.environ.get("TF_CONFIG") or "{}")
        if told.get("cluster"):
            raise ValueError("TF_CONFIG names a cluster: estimators run in one process here; tf.distribute has others")
        if train_distribute or eval_distribute or experimental_distribute:
            raise ValueError("distribution strategies of RunConfig are gone with estimators; use tf.distribute")
        if save_checkpoints_steps is Ellipsis and save_checkpoints_secs is Ellipsis:
            save_checkpoints_secs = 600
        steps = None if save_checkpoints_steps is Ellipsis else save_checkpoints_steps
        secs = None if save_checkpoints_secs is Ellipsis else save_checkpoints_secs
        if steps is not None and secs is not None:
            raise ValueError("`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set.")
        self.model_dir = (os.fspath(model_dir) if model_dir is not None else None) or told.get("model_dir")
        self.tf_random_seed, self.session_config, self.device_fn = tf_random_seed, session_config, device_fn
        self.save_summary_steps, self.save_checkpoints_steps, self.save_checkpoints_secs = (
            save_summary_steps,
            steps,
            secs,
        )
        self.keep_checkpoint_max = keep_checkpoint_max
        self.keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours
        self.log_step_count_steps, self.protocol = log_step_count_steps, protocol
        self.session_creation_timeout_secs = session_creation_timeout_secs
        self.train_distribute = self.eval_distribute = self.service = None
        self.experimental_max_worker_delay_secs = experimental_max_worker_delay_secs
        self.task_type, self.task_id, self.is_chief, self.global_id_in_cluster = "worker", 0, True, 0
        self.master, self.evaluation_master = told.get("session_master", ""), told.get("eval_session_master", "")
        self.num_ps_replicas, self.num_worker_replicas, self.cluster_spec = 0, 1, tf1.train.ClusterSpec({})

    def replace(self, **fields):
        """A copy with other values; setting how often checkpoints are saved one way unsets the other."""
        unknown = sorted(set(fields) - set(vars(self)))
        if unknown:
            raise ValueError(f"Replacing {unknown[0]} is not supported.")
        changed = copy.deepcopy(self)
        if fields.get("save_checkpoints_steps") is not None:
            fields.setdefault("save_checkpoints_secs", None)
        elif fields.get("save_checkpoints_secs") is not None:
            fields.setdefault("save_checkpoints_steps", None)
        vars(changed).update(fields)
        if changed.save_checkpoints_steps is not None and changed.save_checkpoints_secs is not None:
            raise ValueError("`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set.")
        return changed
