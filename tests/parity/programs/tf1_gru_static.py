"""static_rnn with GRUCell / LSTMCell / BasicRNNCell from contrib.rnn on unstacked inputs."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn

TIMESTEPS, FEATURES, UNITS = 4, 3, 5


def deterministic(shape, dtype=tf.float32, partition_info=None, **kwargs):
    total = 1
    for d in shape:
        total *= int(d)
    return tf.reshape(tf.cast(tf.sin(tf.range(total, dtype=tf.float32)), dtype) * 0.3, shape)


cells = {
    'gru': lambda: rnn.GRUCell(UNITS),
    'basic': lambda: rnn.BasicRNNCell(UNITS, activation=tf.nn.relu),
    'lstm': lambda: rnn.LSTMCell(UNITS, use_peepholes=True, num_proj=3, forget_bias=0.5),
    'lstm_clip': lambda: rnn.LSTMCell(UNITS, cell_clip=0.2),
}
data = np.random.RandomState(66).randn(6, TIMESTEPS, FEATURES)
target = np.random.RandomState(67).randn(6, 1)

for name in sorted(cells):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, TIMESTEPS, FEATURES])
        y = tf.placeholder(tf.float32, [None, 1])
        inputs = tf.unstack(x, TIMESTEPS, 1)
        with tf.variable_scope('rnn_' + name, initializer=deterministic):
            outputs, state = rnn.static_rnn(cells[name](), inputs, dtype=tf.float32)
            w = tf.get_variable('w', [int(outputs[-1].shape[1]), 1])
        loss = tf.reduce_mean((tf.matmul(outputs[-1], w) - y) ** 2)
        train = tf.train.GradientDescentOptimizer(0.2).minimize(loss)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            print('RESULT', name, 'out', *sess.run(outputs[-1], {x: data})[0])
            losses = [sess.run([loss, train], {x: data, y: target})[0] for _ in range(4)]
            print('RESULT', name, 'losses', *losses)
            flat = tf.contrib.framework.nest.flatten(state)
            print('RESULT', name, 'state', len(flat), *[float(np.abs(s).sum()) for s in sess.run(flat, {x: data})])
            print('RESULT', name, 'shapes', *sum([v.shape.as_list() for v in tf.trainable_variables()], []))
