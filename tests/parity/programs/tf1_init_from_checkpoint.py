"""Warm start with tf.train.init_from_checkpoint and a Scaffold (BERT style assignment map)."""
import collections
import os
import re
import tempfile
import numpy as np
import tensorflow as tf

init_checkpoint = os.path.join(tempfile.mkdtemp(), 'bert.ckpt')


def gelu(x):
    cdf = 0.5 * (1.0 + tf.erf(x / tf.sqrt(2.0)))
    return x * cdf


def encoder(x, scope, scale):
    with tf.variable_scope(scope):
        for i in range(2):
            with tf.variable_scope('layer_%d' % i):
                w = tf.get_variable('kernel', [4, 4], initializer=tf.constant_initializer(np.sin(np.arange(16)).reshape(4, 4) * scale))
                b = tf.get_variable('bias', [4], initializer=tf.zeros_initializer())
                x = gelu(tf.matmul(x, w) + b)
        return tf.contrib.layers.layer_norm(x, begin_norm_axis=-1, begin_params_axis=-1, scope='LayerNorm')


def get_assignment_map_from_checkpoint(tvars, checkpoint):
    initialized, assignment_map, name_to_variable = {}, collections.OrderedDict(), collections.OrderedDict()
    for var in tvars:
        m = re.match("^(.*):\\d+$", var.name)
        name_to_variable[m.group(1) if m else var.name] = var
    for name, _ in tf.train.list_variables(checkpoint):
        if name in name_to_variable:
            assignment_map[name] = name
            initialized[name] = 1
    return assignment_map, initialized


data = np.random.RandomState(7).randn(6, 4).astype(np.float32)
with tf.Graph().as_default(), tf.Session() as sess:
    out = encoder(tf.constant(data), 'bert', 0.4)
    loss = tf.reduce_mean(tf.square(out - 0.5))
    step = tf.train.GradientDescentOptimizer(0.3).minimize(loss)
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        sess.run(step)
    print('RESULT pretrained', sess.run(loss))
    tf.train.Saver().save(sess, init_checkpoint)

with tf.Graph().as_default():
    out = encoder(tf.constant(data), 'bert', 0.0)
    logits = tf.squeeze(tf.layers.dense(out, 1, kernel_initializer=tf.constant_initializer([.5, -.3, .2, .4]), name='classifier'), -1)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.to_float(data[:, 0] > 0), logits=logits))
    tvars = tf.trainable_variables()
    assignment_map, initialized = get_assignment_map_from_checkpoint(tvars, init_checkpoint)
    tf.train.init_from_checkpoint(init_checkpoint, assignment_map)
    print('RESULT initialized', len(initialized), len(tvars))
    grads, _ = tf.clip_by_global_norm(tf.gradients(loss, tvars), clip_norm=1.0)
    train_op = tf.train.AdamOptimizer(0.02).apply_gradients(zip(grads, tvars))
    with tf.train.SingularMonitoredSession(scaffold=tf.train.Scaffold()) as sess:
        for i in range(4):
            print('RESULT loss', i, sess.run(loss))
            sess.run(train_op)
        print('RESULT logits', *sess.run(logits))
