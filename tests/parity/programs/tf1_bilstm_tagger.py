"""Bidirectional LSTM sequence tagger with sequence lengths and masked loss."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(123)
vocab_size, dim, hidden, ntags = 15, 4, 5, 3

word_ids = tf.placeholder(tf.int32, shape=[None, None], name="word_ids")
sequence_lengths = tf.placeholder(tf.int32, shape=[None], name="sequence_lengths")
labels = tf.placeholder(tf.int32, shape=[None, None], name="labels")

with tf.variable_scope("words"):
    _word_embeddings = tf.Variable(rs.randn(vocab_size, dim).astype(np.float32) * .5, name="_word_embeddings", trainable=False)
    word_embeddings = tf.nn.embedding_lookup(_word_embeddings, word_ids)

with tf.variable_scope("bi-lstm", initializer=tf.constant_initializer(rs.uniform(-.3, .3, (dim + hidden, 4 * hidden)))):
    cell_fw = tf.contrib.rnn.LSTMCell(hidden)
    cell_bw = tf.contrib.rnn.LSTMCell(hidden)
    (output_fw, output_bw), (state_fw, state_bw) = tf.nn.bidirectional_dynamic_rnn(
        cell_fw, cell_bw, word_embeddings, sequence_length=sequence_lengths, dtype=tf.float32)
    output = tf.concat([output_fw, output_bw], axis=-1)

with tf.variable_scope("proj"):
    W = tf.get_variable("W", dtype=tf.float32, initializer=rs.randn(2 * hidden, ntags).astype(np.float32))
    b = tf.get_variable("b", shape=[ntags], dtype=tf.float32, initializer=tf.zeros_initializer())
    nsteps = tf.shape(output)[1]
    pred = tf.matmul(tf.reshape(output, [-1, 2 * hidden]), W) + b
    logits = tf.reshape(pred, [-1, nsteps, ntags])

losses = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
mask = tf.sequence_mask(sequence_lengths)
loss = tf.reduce_mean(tf.boolean_mask(losses, mask))
labels_pred = tf.cast(tf.argmax(logits, axis=-1), tf.int32)
train_op = tf.train.AdamOptimizer(0.02).minimize(loss)

words = [[3, 5, 1, 9], [2, 14, 0, 0], [7, 7, 7, 0]]
tags = [[0, 1, 2, 2], [1, 0, 0, 0], [2, 1, 2, 0]]
feed = {word_ids: words, sequence_lengths: [4, 2, 3], labels: tags}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(4):
        _, train_loss = sess.run([train_op, loss], feed_dict=feed)
        print("RESULT loss", i, train_loss)
    fw, bw, sf = sess.run([output_fw, output_bw, state_fw], feed)
    print("RESULT fw", *fw[1].sum(axis=1))
    print("RESULT bw", *bw[1].sum(axis=1))
    print("RESULT state", *sf.h[1])
    print("RESULT logits", *sess.run(logits, feed)[0, 0])
    print("RESULT shapes", *(list(fw.shape) + list(sess.run(labels_pred, feed).shape)))
