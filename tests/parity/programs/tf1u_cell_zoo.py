"""Cells of tf.contrib.rnn: block cells, wrappers, a raw loop, both directions unrolled, residual stacks."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn

rng = np.random.RandomState(6)
data = rng.randn(3, 4, 2).astype(np.float32)
x = tf.placeholder(tf.float32, [None, 4, 2])
steps = tf.unstack(x, 4, 1)
init = tf.constant_initializer(0.2)
outs = {}

with tf.variable_scope('block', initializer=init):
    outs['lstm_block'], _ = rnn.static_rnn(rnn.LSTMBlockCell(3, forget_bias=0.5), steps, dtype=tf.float32)
with tf.variable_scope('gru_block', initializer=init):
    outs['gru_block'], _ = rnn.static_rnn(rnn.GRUBlockCell(3), steps, dtype=tf.float32)
with tf.variable_scope('ugrnn', initializer=init):
    outs['ugrnn'], _ = rnn.static_rnn(rnn.UGRNNCell(3), steps, dtype=tf.float32)
with tf.variable_scope('layer_norm', initializer=init):
    outs['layer_norm'], _ = tf.nn.dynamic_rnn(rnn.LayerNormBasicLSTMCell(3), x, dtype=tf.float32)
with tf.variable_scope('attention', initializer=init):
    cell = rnn.AttentionCellWrapper(rnn.GRUCell(3), attn_length=2, state_is_tuple=True)
    outs['attention'], _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
with tf.variable_scope('wrapped', initializer=init):
    cell = rnn.InputProjectionWrapper(rnn.OutputProjectionWrapper(rnn.BasicRNNCell(3, activation=tf.nn.relu), 2), 4)
    outs['wrapped'], _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
with tf.variable_scope('stack', initializer=init):
    cells = [rnn.ResidualWrapper(rnn.BasicLSTMCell(2)) if i else rnn.BasicLSTMCell(2) for i in range(3)]
    outs['residual'], state = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, sequence_length=[4, 2, 3], dtype=tf.float32)
    final = tf.concat([s.h for s in state], 1)
with tf.variable_scope('both', initializer=init):
    outs['both'], fw, bw = rnn.static_bidirectional_rnn(rnn.GRUCell(2), rnn.GRUCell(3), steps, dtype=tf.float32)
with tf.variable_scope('flat', initializer=init):
    cell = rnn.BasicLSTMCell(2, state_is_tuple=False)
    outs['flat'], flat_state = tf.nn.dynamic_rnn(cell, x, initial_state=cell.zero_state(3, tf.float32) + 0.1)
with tf.variable_scope('embedded', initializer=init):
    cell = rnn.EmbeddingWrapper(rnn.GRUCell(2), embedding_classes=5, embedding_size=3)
    outs['embedded'], _ = rnn.static_rnn(cell, [tf.constant([[1], [0], [4]])] * 2, dtype=tf.float32)
with tf.variable_scope('devices', initializer=init):
    cell = rnn.DropoutWrapper(rnn.DeviceWrapper(rnn.GRUCell(2), '/cpu:0'), output_keep_prob=tf.constant(1.0))
    outs['devices'], _ = tf.nn.dynamic_rnn(cell, tf.transpose(x, [1, 0, 2]), time_major=True, dtype=tf.float32)

raw_cell = rnn.LSTMCell(3, initializer=init)
inputs_ta = tf.TensorArray(tf.float32, size=4).unstack(tf.transpose(x, [1, 0, 2]))


def loop_fn(time, cell_output, cell_state, loop_state):
    if cell_output is None:
        next_state = raw_cell.zero_state(3, tf.float32)
    else:
        next_state = cell_state
    finished = time >= tf.constant([4, 3, 2])
    next_input = tf.cond(tf.reduce_all(finished), lambda: tf.zeros([3, 2]), lambda: inputs_ta.read(time))
    return finished, next_input, next_state, cell_output, None


with tf.variable_scope('raw'):
    raw_ta, _, _ = tf.nn.raw_rnn(raw_cell, loop_fn)
    outs['raw'] = raw_ta.stack()

fused = rnn.LSTMBlockFusedCell(3)
with tf.variable_scope('fused', initializer=init):
    outs['fused'], _ = fused(tf.transpose(x, [1, 0, 2]), dtype=tf.float32)

loss = tf.add_n([tf.reduce_mean(tf.square(tf.stack(v) if isinstance(v, list) else v)) for _, v in sorted(outs.items())])
grads = tf.gradients(loss, tf.trainable_variables())
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    values = sess.run(outs, {x: data})
    for name in sorted(values):
        array = np.asarray(values[name])
        print('RESULT', name, *array.shape, *array[-1].ravel()[:4], array.sum())
    print('RESULT final', *sess.run(final, {x: data}).ravel())
    print('RESULT flat_state', *sess.run(flat_state, {x: data})[0])
    names = [v.op.name for v in tf.trainable_variables()]
    print('RESULT names', *names)
    print('RESULT grads', *[float(np.abs(g).sum()) if not hasattr(g, 'values') else float(np.abs(g.values).sum())
                            for g in sess.run(grads, {x: data})])
