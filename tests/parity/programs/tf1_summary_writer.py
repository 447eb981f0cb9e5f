"""Scalar and histogram summaries with merge_all and a FileWriter; the event file is read back."""
import glob
import os
import tempfile
import numpy as np
import tensorflow as tf

log_dir = os.path.join(tempfile.mkdtemp(), 'train')

with tf.name_scope('input'):
    x = tf.placeholder(tf.float32, [None, 2], name='x-input')
    y_ = tf.placeholder(tf.float32, [None, 1], name='y-input')

with tf.name_scope('weights'):
    W = tf.Variable(tf.constant([[0.5], [-0.5]]))
    mean = tf.reduce_mean(W)
    tf.summary.scalar('mean', mean)
    with tf.name_scope('stddev'):
        stddev = tf.sqrt(tf.reduce_mean(tf.square(W - mean)))
    tf.summary.scalar('stddev', stddev)
    tf.summary.histogram('histogram', W)

with tf.name_scope('loss'):
    loss = tf.reduce_mean(tf.square(tf.matmul(x, W) - y_))
tf.summary.scalar('loss', loss)

train_step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
merged = tf.summary.merge_all()

rng = np.random.RandomState(6)
feed = {x: rng.rand(10, 2), y_: rng.rand(10, 1)}
with tf.Session() as sess:
    train_writer = tf.summary.FileWriter(log_dir, sess.graph)
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        summary = sess.run(merged, feed_dict=feed)
        train_writer.add_summary(summary, i)
        sess.run(train_step, feed_dict=feed)
    extra = tf.Summary(value=[tf.Summary.Value(tag='epoch_time', simple_value=1.25)])
    train_writer.add_summary(extra, 5)
    train_writer.close()
    print('RESULT final', sess.run(loss, feed), *sess.run(W).ravel())

count = 0
for event in tf.train.summary_iterator(glob.glob(os.path.join(log_dir, '*tfevents*'))[0]):
    for value in event.summary.value:
        if value.HasField('simple_value'):
            print('RESULT', value.tag, event.step, value.simple_value)
        if value.HasField('histo'):
            count += 1
print('RESULT histograms', count)
