"""Attention-free contrib.seq2seq decoder: TrainingHelper and GreedyEmbeddingHelper sharing one cell and projection."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import seq2seq
from tensorflow.python.layers.core import Dense

GO, EOS, VOCAB, UNITS, EMB = 1, 2, 7, 5, 4
rng = np.random.RandomState(11)


def fixed(*shape):
    return tf.constant_initializer(rng.uniform(-.6, .6, shape))


source_state = tf.placeholder(tf.float32, [None, UNITS], name='source_state')
targets = tf.placeholder(tf.int32, [None, None], name='targets')
target_lengths = tf.placeholder(tf.int32, [None], name='target_lengths')

embedding = tf.get_variable('embedding', [VOCAB, EMB], initializer=fixed(VOCAB, EMB))
batch_size = tf.shape(targets)[0]
decoder_inputs = tf.concat([tf.fill([batch_size, 1], GO), targets[:, :-1]], 1)
cell = tf.nn.rnn_cell.GRUCell(UNITS, kernel_initializer=tf.constant_initializer(.15), bias_initializer=tf.constant_initializer(.3))
projection = Dense(VOCAB, use_bias=False, kernel_initializer=fixed(UNITS, VOCAB), name='projection')

with tf.variable_scope('decode'):
    helper = seq2seq.TrainingHelper(tf.nn.embedding_lookup(embedding, decoder_inputs), target_lengths)
    decoder = seq2seq.BasicDecoder(cell, helper, source_state, output_layer=projection)
    outputs, final_state, lengths = seq2seq.dynamic_decode(decoder, impute_finished=True)
logits = outputs.rnn_output
with tf.variable_scope('decode', reuse=True):
    greedy = seq2seq.GreedyEmbeddingHelper(embedding, tf.fill([tf.shape(source_state)[0]], GO), EOS)
    infer_decoder = seq2seq.BasicDecoder(cell, greedy, source_state, output_layer=projection)
    infer_outputs, _, infer_lengths = seq2seq.dynamic_decode(infer_decoder, maximum_iterations=6)

masks = tf.sequence_mask(target_lengths, tf.reduce_max(target_lengths), dtype=tf.float32)
loss = seq2seq.sequence_loss(logits, targets, masks)
train_op = tf.train.AdamOptimizer(0.05).minimize(loss)

state_np = rng.uniform(-1, 1, (2, UNITS))
feed = {source_state: state_np, targets: [[3, 4, 5, EOS], [6, 3, EOS, 0]], target_lengths: [4, 3]}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        print('RESULT loss', i, sess.run(loss, feed))
        sess.run(train_op, feed)
    lg, n, fs = sess.run([logits, lengths, final_state], feed)
    print('RESULT logits', *lg[0, 0])
    print('RESULT padded', *lg[1, 3])
    print('RESULT lengths', *n)
    print('RESULT final_state', *fs[1])
    out, m = sess.run([infer_outputs.rnn_output, infer_lengths], {source_state: state_np})
    print('RESULT greedy', *(list(m) + list(out.max(axis=2)[0])))
    print('RESULT variables', len(tf.trainable_variables()))
