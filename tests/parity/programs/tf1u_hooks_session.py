"""MonitoredTrainingSession with hooks of the script's own and of tf.train, a scaffold, and a second run that resumes."""
import os
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
logdir = os.path.join(tempfile.mkdtemp(), 'train')
rng = np.random.RandomState(9)
X = rng.randn(16, 4).astype(np.float32)
Y = X.dot(rng.randn(4, 1)).astype(np.float32)


class LossHistoryHook(tf.train.SessionRunHook):
    """Keeps what the loss was, and stops when it no longer falls."""

    def __init__(self, loss, every=2):
        self._loss = loss
        self._every = every
        self.history = []
        self.ended = 0

    def begin(self):
        self._step_tensor = tf.train.get_global_step()
        self._calls = 0

    def after_create_session(self, session, coord):
        self.first_weights = session.run(tf.trainable_variables())[0].sum()

    def before_run(self, run_context):
        self._calls += 1
        return tf.train.SessionRunArgs({'loss': self._loss})

    def after_run(self, run_context, run_values):
        if self._calls % self._every == 0:
            self.history.append((self._calls, run_values.results['loss']))
        if run_values.results['loss'] < 0.05:
            run_context.request_stop()

    def end(self, session):
        self.ended = session.run(self._step_tensor)


def train(last_step):
    tf.reset_default_graph()
    with tf.Graph().as_default():
        global_step = tf.train.get_or_create_global_step()
        x = tf.placeholder(tf.float32, [None, 4], name='x')
        y = tf.placeholder(tf.float32, [None, 1], name='y')
        w = tf.get_variable('w', [4, 1], initializer=tf.zeros_initializer())
        b = tf.get_variable('b', [1], initializer=tf.zeros_initializer())
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y))
        tf.summary.scalar('loss', loss)
        lr = tf.train.polynomial_decay(0.1, global_step, 10, 0.01, power=2.0)
        train_op = tf.train.MomentumOptimizer(lr, 0.5, use_nesterov=True).minimize(loss, global_step)
        history = LossHistoryHook(loss)
        hooks = [tf.train.StopAtStepHook(last_step=last_step), tf.train.NanTensorHook(loss), history,
                 tf.train.LoggingTensorHook(tensors={'loss': loss}, every_n_iter=5),
                 tf.train.SummarySaverHook(save_steps=2, output_dir=logdir, summary_op=tf.summary.merge_all())]
        scaffold = tf.train.Scaffold(init_op=tf.global_variables_initializer(),
                                     saver=tf.train.Saver(max_to_keep=2))
        with tf.train.MonitoredTrainingSession(checkpoint_dir=logdir, scaffold=scaffold, hooks=hooks,
                                               save_checkpoint_secs=None, save_checkpoint_steps=4,
                                               save_summaries_steps=None, save_summaries_secs=None) as sess:
            while not sess.should_stop():
                sess.run(train_op, feed_dict={x: X, y: Y})
        for step, value in history.history:
            print('RESULT history', step, value)
        print('RESULT end', history.ended, history.first_weights)


train(6)
train(11)
print('RESULT latest', os.path.basename(tf.train.latest_checkpoint(logdir)))
state = tf.train.get_checkpoint_state(logdir)
print('RESULT kept', len(state.all_model_checkpoint_paths))
events = [f for f in os.listdir(logdir) if 'tfevents' in f]
tags = []
for name in sorted(events):
    for event in tf.train.summary_iterator(os.path.join(logdir, name)):
        tags += [(event.step, v.simple_value) for v in event.summary.value if v.tag == 'loss']
print('RESULT events', len(tags), *sorted(tags)[0])
reader = tf.train.NewCheckpointReader(tf.train.latest_checkpoint(logdir))
print('RESULT names', *sorted(reader.get_variable_to_shape_map()))
print('RESULT w', *reader.get_tensor('w').ravel())
