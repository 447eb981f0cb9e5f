"""Linear regression script configured by tf.app.flags and started with tf.app.run()."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS

flags.DEFINE_integer('max_steps', 5, 'Number of steps to run trainer.')
flags.DEFINE_float('learning_rate', 0.1, 'Initial learning rate.')
flags.DEFINE_string('optimizer', 'momentum', 'Which optimizer: sgd or momentum.')
flags.DEFINE_boolean('use_bias', True, 'Whether to add a bias.')
flags.DEFINE_enum('activation', 'tanh', ['tanh', 'relu'], 'Output nonlinearity.')
flags.DEFINE_list('layers', '4,2', 'Layer sizes.')


def get_optimizer():
    if FLAGS.optimizer == 'sgd':
        return tf.train.GradientDescentOptimizer(FLAGS.learning_rate)
    elif FLAGS.optimizer == 'momentum':
        return tf.train.MomentumOptimizer(FLAGS.learning_rate, 0.9)
    raise ValueError('unknown optimizer %s' % FLAGS.optimizer)


def build(x):
    act = tf.nn.tanh if FLAGS.activation == 'tanh' else tf.nn.relu
    net = x
    for i, size in enumerate(FLAGS.layers):
        n_in = net.get_shape().as_list()[1]
        values = np.cos(np.arange(n_in * int(size))).reshape(n_in, int(size)) * 0.4
        with tf.variable_scope('layer_%d' % i):
            w = tf.get_variable('w', dtype=tf.float32, initializer=values.astype(np.float32))
            net = tf.matmul(net, w)
            if FLAGS.use_bias:
                net += tf.get_variable('b', [int(size)], initializer=tf.constant_initializer(0.01))
            net = act(net)
    return tf.reduce_sum(net, 1)


def main(_):
    tf.logging.set_verbosity(tf.logging.ERROR)
    rng = np.random.RandomState(0)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, shape=(None, 3))
        y = tf.placeholder(tf.float32, shape=(None,))
        loss = tf.losses.mean_squared_error(y, build(x))
        train_op = get_optimizer().minimize(loss)
        feed_dict = {x: rng.rand(10, 3), y: rng.rand(10)}
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for step in range(FLAGS.max_steps):
                _, loss_value = sess.run([train_op, loss], feed_dict=feed_dict)
                print('RESULT step', step, loss_value)
            for var in tf.trainable_variables():
                print('RESULT', var.op.name, np.abs(sess.run(var)).sum())


if __name__ == '__main__':
    tf.app.run()
