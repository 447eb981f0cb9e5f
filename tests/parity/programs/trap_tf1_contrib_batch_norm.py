"""contrib batch_norm: decay .999, no gamma, relu activation of fully_connected after normalization."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.layers import batch_norm, fully_connected

rng = np.random.RandomState(77)
x = tf.placeholder(tf.float32, [None, 5])
y = tf.placeholder(tf.float32, [None, 3])
is_training = tf.placeholder(tf.bool, [], name='is_training')

default = batch_norm(x, is_training=is_training, scope='bn_default')
in_place = batch_norm(x, decay=0.9, center=True, scale=True, is_training=is_training, updates_collections=None, scope='bn_now')
frozen = batch_norm(x, is_training=False, scope='bn_frozen')
h = fully_connected(x, 4, normalizer_fn=batch_norm, normalizer_params={'is_training': is_training, 'decay': 0.95},
                    weights_initializer=tf.constant_initializer(rng.normal(0, .5, (5, 4))), scope='fc')
out = fully_connected(tf.concat([h, in_place], 1), 3, activation_fn=None,
                      weights_initializer=tf.constant_initializer(rng.normal(0, .3, (9, 3))), scope='out')
loss = tf.reduce_mean(tf.square(out - y)) + 0.1 * tf.reduce_mean(tf.square(default - 0.5))
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

data, target = rng.normal(3., 2., (16, 5)), rng.rand(16, 3)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT names', *sorted(v.op.name for v in tf.global_variables()))
    print('RESULT updates', len(update_ops))
    for step in range(4):
        _, l = sess.run([train_op, loss], {x: data, y: target, is_training: True})
        print('RESULT loss', step, l)
    print('RESULT eval', sess.run(loss, {x: data, y: target, is_training: False}))
    for name in ('bn_default', 'bn_now', 'bn_frozen', 'fc/BatchNorm'):
        mean = [v for v in tf.global_variables() if v.op.name == name + '/moving_mean'][0]
        var = [v for v in tf.global_variables() if v.op.name == name + '/moving_variance'][0]
        m, v = sess.run([mean, var])
        print('RESULT', name, m[0], v[0])
    print('RESULT default_eval', *sess.run(default, {x: data[:1], is_training: False})[0])
    print('RESULT frozen', *sess.run(frozen, {x: data[:1]})[0])
