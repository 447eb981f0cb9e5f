"""Beam search written by hand: while_loop with shape invariants, TensorArray, top_k and gather_nd; a greedy one beside it."""
import numpy as np
import tensorflow as tf

VOCAB, HIDDEN, BEAM, MAX_LEN, EOS = 6, 5, 3, 5, 1
rng = np.random.RandomState(7)


def _merge_beam_dim(tensor):
    shape = tensor.get_shape().as_list()
    dynamic = tf.shape(tensor)
    return tf.reshape(tensor, tf.concat([[dynamic[0] * dynamic[1]], dynamic[2:]], 0)) if len(shape) > 2 else tf.reshape(
        tensor, [-1])


embedding = tf.get_variable('embedding', initializer=tf.constant(rng.randn(VOCAB, HIDDEN), tf.float32))
w_h = tf.get_variable('w_h', initializer=tf.constant(rng.randn(2 * HIDDEN, HIDDEN) * 0.5, tf.float32))
w_o = tf.get_variable('w_o', initializer=tf.constant(rng.randn(HIDDEN, VOCAB), tf.float32))


def step(ids, state):
    inputs = tf.nn.embedding_lookup(embedding, ids)
    state = tf.tanh(tf.matmul(tf.concat([inputs, state], 1), w_h))
    return tf.nn.log_softmax(tf.matmul(state, w_o)), state


def greedy(first, state):
    batch = tf.shape(state)[0]
    outputs = tf.TensorArray(tf.int32, size=0, dynamic_size=True)

    def cond(i, ids, state, finished, outputs):
        return tf.logical_and(i < MAX_LEN, tf.logical_not(tf.reduce_all(finished)))

    def body(i, ids, state, finished, outputs):
        logp, state = step(ids, state)
        ids = tf.where(finished, tf.fill([batch], EOS), tf.to_int32(tf.argmax(logp, 1)))
        return i + 1, ids, state, tf.logical_or(finished, tf.equal(ids, EOS)), outputs.write(i, ids)

    _, _, _, finished, outputs = tf.while_loop(
        cond, body, [tf.constant(0), first, state, tf.zeros([batch], tf.bool), outputs], back_prop=False,
        parallel_iterations=1)
    return tf.transpose(outputs.stack()), finished


def beam_search(first, state, alpha=0.6):
    batch = tf.shape(state)[0]
    alive_seq = tf.tile(tf.reshape(first, [-1, 1, 1]), [1, BEAM, 1])
    alive_log = tf.tile(tf.constant([[0.] + [-float('inf')] * (BEAM - 1)]), [batch, 1])
    alive_state = tf.tile(tf.expand_dims(state, 1), [1, BEAM, 1])

    def cond(i, *unused):
        return tf.less(i, MAX_LEN)

    def body(i, seq, log, states):
        flat_state = tf.reshape(states, [-1, HIDDEN])
        logp, new_state = step(tf.reshape(seq[:, :, -1], [-1]), flat_state)
        candidates = tf.reshape(logp, [-1, BEAM, VOCAB]) + tf.expand_dims(log, axis=2)
        flat = tf.reshape(candidates, [-1, BEAM * VOCAB])
        top, indices = tf.nn.top_k(flat, k=BEAM)
        beam_index = tf.div(indices, VOCAB)
        ids = tf.mod(indices, VOCAB)
        batch_index = tf.tile(tf.expand_dims(tf.range(batch), 1), [1, BEAM])
        coordinates = tf.stack([batch_index, beam_index], axis=2)
        seq = tf.gather_nd(seq, coordinates)
        seq = tf.concat([seq, tf.expand_dims(ids, axis=2)], axis=2)
        states = tf.gather_nd(tf.reshape(new_state, [-1, BEAM, HIDDEN]), coordinates)
        return i + 1, seq, top, states

    _, seq, log, _ = tf.while_loop(
        cond, body, [tf.constant(0), alive_seq, alive_log, alive_state],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, BEAM, None]), tf.TensorShape([None, BEAM]),
                          tf.TensorShape([None, BEAM, HIDDEN])])
    penalty = tf.pow((5. + tf.to_float(MAX_LEN)) / 6., alpha)
    return seq, tf.div(log, penalty)


start = tf.placeholder(tf.int32, [None])
state0 = tf.placeholder(tf.float32, [None, HIDDEN])
greedy_ids, finished = greedy(start, state0)
beam_ids, beam_scores = beam_search(start, state0)
best = beam_ids[:, 0, 1:]
lengths = tf.reduce_sum(tf.to_int32(tf.not_equal(best, EOS)), axis=1)
mask = tf.sequence_mask(lengths, MAX_LEN, dtype=tf.float32)

with tf.Session() as sess:
    tf.global_variables_initializer().run()
    feed = {start: [2, 3], state0: rng.randn(2, HIDDEN)}
    ids, done = sess.run([greedy_ids, finished], feed)
    print('RESULT greedy', *ids.ravel())
    print('RESULT finished', *[int(d) for d in done])
    ids, scores, mask_v = sess.run([beam_ids, beam_scores, mask], feed)
    for row in ids:
        print('RESULT beam', *row.ravel())
    print('RESULT scores', *scores.ravel())
    print('RESULT mask', *mask_v.sum(axis=1))
