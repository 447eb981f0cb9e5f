"""Warm start from another model's checkpoint, early stopping on the loss, hooks of a spec and a restored Scaffold."""
import os
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
rng = np.random.RandomState(12)
X = rng.uniform(-1, 1, (24, 4)).astype(np.float32)
Y = (X.sum(1, keepdims=True) * .7 + .1).astype(np.float32)


def model_fn(features, labels, mode, params):
    with tf.variable_scope('encoder'):
        hidden = tf.layers.dense(features, 5, tf.tanh, name='hidden', kernel_initializer=tf.constant_initializer(
            np.linspace(-.5, .5, 20)))
    output = tf.layers.dense(hidden, 1, name=params['head'], kernel_initializer=tf.constant_initializer(.2))
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=output)
    loss = tf.losses.mean_squared_error(labels, output)
    metrics = {'rmse': tf.metrics.root_mean_squared_error(labels, output)}
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)
    step = tf.train.get_global_step()
    train_op = tf.train.AdamOptimizer(params['rate']).minimize(loss, global_step=step)
    saver = tf.train.Saver(max_to_keep=3)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, scaffold=tf.train.Scaffold(saver=saver),
                                      training_hooks=[tf.train.NanTensorHook(loss)])


def input_fn(batch=6, epochs=1):
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).repeat(epochs).batch(batch)
    return dataset.make_one_shot_iterator().get_next()


def trained(head, rate, start=None, hooks=(), steps=5):
    estimator = tf.estimator.Estimator(model_fn, model_dir=tempfile.mkdtemp(), params={'head': head, 'rate': rate},
                                       warm_start_from=start)
    estimator.train(lambda: input_fn(epochs=None), steps=steps, hooks=list(hooks))
    return estimator


first = trained('one', .05)
print('RESULT first', *[first.evaluate(input_fn)[key] for key in ('loss', 'rmse', 'global_step')])
same = trained('one', .05, first.model_dir)
print('RESULT same', *[same.evaluate(input_fn)[key] for key in ('loss', 'rmse', 'global_step')])
encoder = tf.estimator.WarmStartSettings(first.model_dir, vars_to_warm_start='encoder.*')
other = trained('two', .01, encoder)
print('RESULT other', *[other.evaluate(input_fn)[key] for key in ('loss', 'rmse', 'global_step')])
print('RESULT head', *other.get_variable_value('two/kernel').ravel())


class StopWhenGood(tf.train.SessionRunHook):
    def __init__(self, limit):
        self.limit = limit

    def begin(self):
        self.loss = tf.get_default_graph().get_tensor_by_name('mean_squared_error/value:0')

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self.loss)

    def after_run(self, run_context, run_values):
        if run_values.results < self.limit:
            run_context.request_stop()


class Saved(tf.train.CheckpointSaverListener):
    def begin(self):
        self.steps = []

    def after_save(self, session, global_step_value):
        self.steps.append(global_step_value)


listener = Saved()
stopped = tf.estimator.Estimator(model_fn, params={'head': 'one', 'rate': .1},
                                 config=tf.estimator.RunConfig(model_dir=tempfile.mkdtemp(), save_checkpoints_steps=3))
stopped.train(lambda: input_fn(epochs=None), max_steps=50, hooks=[StopWhenGood(.2)], saving_listeners=[listener])
print('RESULT stopped', stopped.get_variable_value('global_step'), *listener.steps)
stopped.train(lambda: input_fn(epochs=None), max_steps=2)
oldest = tf.train.get_checkpoint_state(stopped.model_dir).all_model_checkpoint_paths[0]
old = stopped.evaluate(input_fn, checkpoint_path=oldest)
print('RESULT old', os.path.basename(oldest), old['loss'], old['global_step'])
batch = next(stopped.predict(input_fn, yield_single_examples=False))
print('RESULT batch', *batch.ravel())
hook = tf.estimator.experimental.stop_if_no_decrease_hook(stopped, "loss", 2, run_every_secs=None,
                                                         run_every_steps=1)
print('RESULT hook', isinstance(hook, tf.train.SessionRunHook))
