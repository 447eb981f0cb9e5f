"""LSTM weights loaded by hand: gate order i, j, f, o with the forget bias added at run time; GRU reset before the matmul."""
import numpy as np
import tensorflow as tf

N_IN, N = 3, 2
rng = np.random.RandomState(24)
kernel = rng.normal(0, .5, (N_IN + N, 4 * N)).astype(np.float32)
bias = rng.normal(0, .5, 4 * N).astype(np.float32)
gates_k = rng.normal(0, .5, (N_IN + N, 2 * N)).astype(np.float32)
cand_k = rng.normal(0, .5, (N_IN + N, N)).astype(np.float32)

x = tf.placeholder(tf.float32, [None, 4, N_IN])
lengths = tf.placeholder(tf.int32, [None])
lstm = tf.nn.rnn_cell.BasicLSTMCell(N, forget_bias=0.7)
full = tf.nn.rnn_cell.LSTMCell(N, forget_bias=1.0, activation=tf.nn.relu)
gru = tf.nn.rnn_cell.GRUCell(N)
out, state = tf.nn.dynamic_rnn(lstm, x, sequence_length=lengths, dtype=tf.float32, scope='a')
out2, state2 = tf.nn.dynamic_rnn(full, x, dtype=tf.float32, scope='b')
out3, state3 = tf.nn.dynamic_rnn(gru, x, sequence_length=lengths, dtype=tf.float32, scope='c')

assigns = []
for v in tf.trainable_variables():
    shape = v.get_shape().as_list()
    value = {(5, 8): kernel, (8,): bias, (5, 4): gates_k, (5, 2): cand_k}.get(tuple(shape))
    if value is not None:
        assigns.append(tf.assign(v, value))
loss = tf.reduce_sum(out) + tf.reduce_sum(state2.c) + tf.reduce_sum(tf.square(state3))
grads = tf.gradients(loss, tf.trainable_variables())

data = rng.randn(2, 4, N_IN)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT initial_bias', *[float(np.abs(sess.run(v)).sum()) for v in tf.trainable_variables() if 'bias' in v.op.name])
    sess.run(assigns)
    feed = {x: data, lengths: [4, 2]}
    print('RESULT lstm', *sess.run(out, feed).ravel())
    s = sess.run(state, feed)
    print('RESULT state', *np.concatenate([s.c.ravel(), s.h.ravel()]))
    print('RESULT relu_lstm', *sess.run(out2, feed)[1].ravel())
    print('RESULT gru', *sess.run(out3, feed).ravel())
    print('RESULT gru_state', *sess.run(state3, feed).ravel())
    for v, g in zip(tf.trainable_variables(), sess.run(grads, feed)):
        print('RESULT', v.op.name, np.abs(g).sum())
