"""Eager training that writes summaries with tf.contrib.summary."""
import glob
import os
import tempfile

import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
logdir = tempfile.mkdtemp()
writer = tf.contrib.summary.create_file_writer(logdir, flush_millis=1000)
writer.set_as_default()
global_step = tf.train.get_or_create_global_step()
optimizer = tf.train.AdagradOptimizer(0.5)
w = tf.Variable([[1.0], [-2.0], [0.5]])
rng = np.random.RandomState(3)
data = rng.randn(20, 3).astype(np.float32)
target = data.dot(np.array([[0.3], [0.1], [-0.4]], np.float32))

for step in range(6):
    global_step.assign_add(1)
    with tf.GradientTape() as tape, tf.contrib.summary.record_summaries_every_n_global_steps(2):
        loss = tf.losses.mean_squared_error(target, tf.matmul(data, w))
        tf.contrib.summary.scalar('loss', loss)
        tf.contrib.summary.histogram('weights', w)
    optimizer.apply_gradients([(tape.gradient(loss, w), w)])
    print('RESULT step', global_step.numpy(), loss.numpy())
with writer.as_default(), tf.contrib.summary.always_record_summaries():
    tf.contrib.summary.scalar('final', loss, step=100)
tf.contrib.summary.flush()

files = glob.glob(os.path.join(logdir, 'events*'))
scalars, others = [], 0
for event in tf.train.summary_iterator(files[0]):
    for value in event.summary.value:
        if value.HasField('histo') or value.metadata.plugin_data.plugin_name == 'histograms':
            others += 1
        else:
            number = value.simple_value if value.HasField('simple_value') else float(tf.make_ndarray(value.tensor))
            scalars.append((event.step, value.tag, round(number, 5)))
print('RESULT files', len(files), len(scalars), others)
for step, tag, number in scalars:
    print('RESULT event', step, tag, number)
