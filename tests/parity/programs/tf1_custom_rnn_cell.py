"""A custom RNN cell written against tensorflow.python.ops, run with dynamic_rnn."""
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import dtypes
from tensorflow.python.ops import array_ops, init_ops, math_ops, nn_ops
from tensorflow.python.ops import variable_scope as vs
from tensorflow.python.util import nest


class MinimalGatedCell(tf.nn.rnn_cell.RNNCell):
    """One update gate u; new = u * h + (1 - u) * tanh(W x + U (u h))."""

    def __init__(self, num_units, activation=None, reuse=None):
        super(MinimalGatedCell, self).__init__(_reuse=reuse)
        self._num_units = num_units
        self._activation = activation or math_ops.tanh

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        n_in = inputs.get_shape().with_rank(2)[1].value
        with vs.variable_scope("gate"):
            w_u = vs.get_variable("w", [n_in + self._num_units, self._num_units], initializer=_values(.4))
            b_u = vs.get_variable("b", [self._num_units], initializer=init_ops.constant_initializer(1.0, dtype=dtypes.float32))
            u = math_ops.sigmoid(nn_ops.bias_add(math_ops.matmul(array_ops.concat([inputs, state], 1), w_u), b_u))
        with vs.variable_scope("candidate"):
            w_c = vs.get_variable("w", [n_in + self._num_units, self._num_units], initializer=_values(.6))
            c = self._activation(math_ops.matmul(array_ops.concat([inputs, u * state], 1), w_c))
        new_h = u * state + (1 - u) * c
        return new_h, new_h


def _values(scale):
    def init(shape, dtype=None, partition_info=None):
        n = int(np.prod(shape))
        return array_ops.constant(np.reshape(np.sin(np.arange(n) * 1.7), shape) * scale, dtype=dtype)
    return init


x = tf.placeholder(tf.float32, [None, 5, 3])
y = tf.placeholder(tf.float32, [None, 4])
cell = MinimalGatedCell(4)
outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=dtypes.float32, scope="mgu")
loss = math_ops.reduce_mean(math_ops.square(state - y))
train_op = tf.train.AdamOptimizer(0.05).minimize(loss)
print("RESULT flat", *nest.flatten((cell.state_size, [cell.output_size, 1])))

rng = np.random.RandomState(32)
feed = {x: rng.randn(6, 5, 3), y: rng.uniform(-1, 1, (6, 4))}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print("RESULT outputs", *sess.run(outputs, feed)[0, -1])
    for i in range(5):
        print("RESULT loss", i, sess.run(loss, feed))
        sess.run(train_op, feed)
    print("RESULT variables", *[v.op.name for v in tf.trainable_variables()])
