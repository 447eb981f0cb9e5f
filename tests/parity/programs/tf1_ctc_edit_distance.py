"""CTC loss, greedy and beam decoding and the label error rate on fixed logits."""
import numpy as np
import tensorflow as tf

num_classes = 5  # 4 labels + blank


def sparse_tuple_from(sequences, dtype=np.int32):
    indices, values = [], []
    for n, seq in enumerate(sequences):
        indices.extend(zip([n] * len(seq), range(len(seq))))
        values.extend(seq)
    indices = np.asarray(indices, dtype=np.int64)
    values = np.asarray(values, dtype=dtype)
    shape = np.asarray([len(sequences), np.asarray(indices).max(0)[1] + 1], dtype=np.int64)
    return indices, values, shape


graph = tf.Graph()
with graph.as_default():
    inputs = tf.placeholder(tf.float32, [None, None, 3])
    targets = tf.sparse_placeholder(tf.int32)
    seq_len = tf.placeholder(tf.int32, [None])
    W = tf.Variable(np.random.RandomState(5).randn(3, num_classes).astype(np.float32))
    b = tf.Variable(tf.constant(0., shape=[num_classes]))
    shape = tf.shape(inputs)
    logits = tf.matmul(tf.reshape(inputs, [-1, 3]), W) + b
    logits = tf.reshape(logits, [shape[0], -1, num_classes])
    logits = tf.transpose(logits, (1, 0, 2))
    loss = tf.nn.ctc_loss(targets, logits, seq_len)
    cost = tf.reduce_mean(loss)
    optimizer = tf.train.MomentumOptimizer(0.05, 0.9).minimize(cost)
    decoded, log_prob = tf.nn.ctc_greedy_decoder(logits, seq_len)
    beam, beam_log = tf.nn.ctc_beam_search_decoder(logits, seq_len, beam_width=8, merge_repeated=False)
    ler = tf.reduce_mean(tf.edit_distance(tf.cast(decoded[0], tf.int32), targets))
    d = tf.sparse_tensor_to_dense(decoded[0], default_value=-1)

with tf.Session(graph=graph) as session:
    tf.global_variables_initializer().run()
    x = np.random.RandomState(6).randn(2, 7, 3)
    feed = {inputs: x, targets: sparse_tuple_from([[0, 1, 3], [2, 2]]), seq_len: [7, 6]}
    for _ in range(4):
        c, _ = session.run([cost, optimizer], feed)
        print("RESULT cost", c)
    print("RESULT loss", *session.run(loss, feed))
    dense, neg_sum, err, bl = session.run([d, log_prob, ler, beam_log], feed)
    print("RESULT decoded", *dense.ravel())
    print("RESULT neg_sum_logits", *neg_sum.ravel())
    print("RESULT ler", err)
    print("RESULT beam_log", *bl.ravel())
