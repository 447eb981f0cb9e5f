"""Neural translation in small: Bahdanau and Luong attention wrapped, training and greedy decoders, weights by length."""
import numpy as np
import tensorflow as tf
from tensorflow.python.layers.core import Dense

rng = np.random.RandomState(5)
VOCAB, EMB, UNITS, GO, EOS = 7, 3, 4, 1, 2


def build(mode, attention, reuse=None):
    with tf.variable_scope('nmt', reuse=reuse, initializer=tf.constant_initializer(0.15)):
        source = tf.constant(rng.randint(3, VOCAB, (2, 4)) if reuse is None else SOURCE)
        lengths = tf.constant([4, 2])
        table = tf.get_variable('table', initializer=TABLE)
        with tf.variable_scope('encoder'):
            cell_fw, cell_bw = tf.nn.rnn_cell.GRUCell(UNITS), tf.nn.rnn_cell.GRUCell(UNITS)
            (fw, bw), (sfw, sbw) = tf.nn.bidirectional_dynamic_rnn(cell_fw, cell_bw, tf.nn.embedding_lookup(table, source),
                                                                   sequence_length=lengths, dtype=tf.float32)
            memory = tf.concat([fw, bw], -1)
            state = tf.layers.dense(tf.concat([sfw, sbw], -1), UNITS, name='bridge')
        kinds = {'bahdanau': lambda: tf.contrib.seq2seq.BahdanauAttention(UNITS, memory, memory_sequence_length=lengths),
                 'normed': lambda: tf.contrib.seq2seq.BahdanauAttention(UNITS, memory, lengths, normalize=True),
                 'luong': lambda: tf.contrib.seq2seq.LuongAttention(UNITS, memory, lengths),
                 'scaled': lambda: tf.contrib.seq2seq.LuongAttention(UNITS, memory, lengths, scale=True)}
        with tf.variable_scope('decoder_' + attention):
            cell = tf.contrib.seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(UNITS), kinds[attention](),
                                                       attention_layer_size=UNITS, alignment_history=mode == 'infer')
            initial = cell.zero_state(2, tf.float32).clone(cell_state=state)
            projection = Dense(VOCAB, use_bias=False, name='projection',
                               kernel_initializer=tf.constant_initializer(PROJECTION))
            if mode == 'train':
                target = tf.constant([[GO, 3, 4, 5], [GO, 6, 3, 0]])
                helper = tf.contrib.seq2seq.TrainingHelper(tf.nn.embedding_lookup(table, target), [4, 3])
            else:
                helper = tf.contrib.seq2seq.GreedyEmbeddingHelper(table, tf.fill([2], GO), EOS)
            decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, initial, output_layer=projection)
            outputs, final, lens = tf.contrib.seq2seq.dynamic_decode(decoder, impute_finished=True, maximum_iterations=5)
    return outputs, final, lens


TABLE = tf.constant(rng.randn(VOCAB, EMB), tf.float32)
PROJECTION = rng.randn(UNITS, VOCAB)
SOURCE = np.random.RandomState(99).randint(3, VOCAB, (2, 4))
losses = {}
for number, kind in enumerate(['bahdanau', 'normed', 'luong', 'scaled']):
    outputs, final, lens = build('train', kind, reuse=None if number == 0 else tf.AUTO_REUSE)
    labels = tf.constant([[3, 4, 5, EOS], [6, 3, EOS, 0]])
    weights = tf.sequence_mask([4, 3], 4, dtype=tf.float32)
    padded = tf.pad(outputs.rnn_output, [[0, 0], [0, 4 - tf.shape(outputs.rnn_output)[1]], [0, 0]])
    losses[kind] = tf.contrib.seq2seq.sequence_loss(tf.reshape(padded, [2, 4, VOCAB]), labels, weights)
train_op = tf.contrib.layers.optimize_loss(
    tf.add_n([losses[k] for k in sorted(losses)]), tf.train.get_or_create_global_step(), learning_rate=0.05, optimizer='Adam',
    clip_gradients=5.0, learning_rate_decay_fn=lambda lr, step: tf.train.exponential_decay(lr, step, 2, 0.5))
infer, infer_state, infer_lens = build('infer', 'luong', reuse=True)
history = infer_state.alignment_history.stack()

with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
    for step in range(3):
        values, _ = sess.run([losses, train_op])
        print('RESULT losses', step, *[values[k] for k in sorted(values)])
    ids, lens, alignments = sess.run([infer.sample_id, infer_lens, history])
    print('RESULT ids', *ids.ravel())
    print('RESULT lengths', *lens)
    print('RESULT alignments', *alignments.shape, *alignments[0].ravel())
    print('RESULT variables', *sorted(v.op.name for v in tf.trainable_variables()))
