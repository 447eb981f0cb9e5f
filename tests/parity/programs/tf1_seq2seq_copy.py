"""Encoder-decoder with teacher forcing and contrib.seq2seq.sequence_loss; greedy decoding by feeding back."""
import numpy as np
import tensorflow as tf

PAD, GO, EOS = 0, 1, 2
VOCAB, UNITS = 8, 6
rng = np.random.RandomState(99)


def const(shape, scale=.4):
    return tf.constant_initializer(rng.uniform(-scale, scale, shape))


encoder_inputs = tf.placeholder(tf.int32, [None, None], name='encoder_inputs')
encoder_lengths = tf.placeholder(tf.int32, [None])
decoder_inputs = tf.placeholder(tf.int32, [None, None], name='decoder_inputs')
decoder_targets = tf.placeholder(tf.int32, [None, None], name='decoder_targets')
decoder_lengths = tf.placeholder(tf.int32, [None])

embeddings = tf.get_variable('embeddings', [VOCAB, UNITS], initializer=const([VOCAB, UNITS]))
enc_emb = tf.nn.embedding_lookup(embeddings, encoder_inputs)
dec_emb = tf.nn.embedding_lookup(embeddings, decoder_inputs)

with tf.variable_scope('encoder', initializer=const([2 * UNITS, 4 * UNITS])):
    _, encoder_state = tf.nn.dynamic_rnn(tf.contrib.rnn.BasicLSTMCell(UNITS), enc_emb, sequence_length=encoder_lengths, dtype=tf.float32)
with tf.variable_scope('decoder', initializer=const([2 * UNITS, 4 * UNITS])):
    cell = tf.contrib.rnn.BasicLSTMCell(UNITS)
    dec_out, dec_state = tf.nn.dynamic_rnn(cell, dec_emb, sequence_length=decoder_lengths, initial_state=encoder_state)
logits = tf.contrib.layers.linear(dec_out, VOCAB, weights_initializer=const([UNITS, VOCAB]), scope='proj')

weights = tf.sequence_mask(decoder_lengths, tf.reduce_max(decoder_lengths), dtype=tf.float32)
loss = tf.contrib.seq2seq.sequence_loss(logits, decoder_targets, weights)
per_example = tf.contrib.seq2seq.sequence_loss(logits, decoder_targets, weights, average_across_batch=False)
train_op = tf.train.AdamOptimizer(0.05).minimize(loss)
prediction = tf.argmax(logits, 2)

sources = [[3, 4, 5], [6, 7, PAD]]
feed = {encoder_inputs: sources, encoder_lengths: [3, 2],
        decoder_inputs: [[GO, 3, 4, 5], [GO, 6, 7, PAD]],
        decoder_targets: [[3, 4, 5, EOS], [6, 7, EOS, PAD]], decoder_lengths: [4, 3]}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for batch in range(5):
        _, l = sess.run([train_op, loss], feed)
        print('RESULT loss', batch, l)
    print('RESULT per_example', *sess.run(per_example, feed))
    print('RESULT state_h', *sess.run(dec_state, feed).h[1])
    # greedy decoding of the first source
    decoded = [GO]
    for _ in range(4):
        lg = sess.run(logits, {encoder_inputs: sources[:1], encoder_lengths: [3],
                               decoder_inputs: [decoded], decoder_lengths: [len(decoded)]})
        decoded.append(int(lg[0, -1].argmax()))
        print('RESULT max_logit', lg[0, -1].max())
    print('RESULT decoded', *decoded)
