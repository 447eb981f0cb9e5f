"""MonitoredTrainingSession with a logging hook of our own, StopAtStepHook and checkpoints."""
import tempfile
import numpy as np
import tensorflow as tf


class LossRecorder(tf.train.SessionRunHook):
    """Collects loss and step after every run."""

    def __init__(self, loss):
        self._loss = loss

    def begin(self):
        self.losses = []
        self._step_tensor = tf.train.get_global_step()

    def before_run(self, run_context):
        return tf.train.SessionRunArgs({'loss': self._loss})

    def after_run(self, run_context, run_values):
        self.losses.append(float(run_values.results['loss']))


def run(checkpoint_dir, last_step):
    with tf.Graph().as_default():
        global_step = tf.train.get_or_create_global_step()
        points = tf.constant(np.random.RandomState(17).rand(15, 2), tf.float32)
        target = tf.reduce_sum(points, axis=1, keepdims=True)
        w = tf.get_variable('w', [2, 1], initializer=tf.constant_initializer([[-.4], [.2]]))
        loss = tf.losses.mean_squared_error(target, tf.matmul(points, w))
        train_op = tf.train.MomentumOptimizer(0.1, 0.8).minimize(loss, global_step=global_step)
        recorder = LossRecorder(loss)
        hooks = [recorder, tf.train.StopAtStepHook(last_step=last_step), tf.train.NanTensorHook(loss)]
        runs = 0
        with tf.train.MonitoredTrainingSession(checkpoint_dir=checkpoint_dir, hooks=hooks,
                                               save_summaries_steps=None, save_summaries_secs=None,
                                               log_step_count_steps=None) as mon_sess:
            while not mon_sess.should_stop():
                mon_sess.run(train_op)
                runs += 1
        return runs, recorder.losses


ckpt_dir = tempfile.mkdtemp()
for last in (4, 7):
    runs, losses = run(ckpt_dir, last)
    print('RESULT runs', last, runs)
    print('RESULT losses', *losses)
values = tf.contrib.framework.load_variable(ckpt_dir, 'w')
print('RESULT w', *values.ravel())
print('RESULT saved_step', tf.contrib.framework.load_variable(ckpt_dir, 'global_step'))
