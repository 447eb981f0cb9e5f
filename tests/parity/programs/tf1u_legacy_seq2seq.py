"""Sequence to sequence of TF 1.4's time: legacy_seq2seq with buckets' losses, a decoder that feeds its own output."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import legacy_seq2seq, rnn


class Model():
    """A character model: MultiRNNCell, rnn_decoder, sequence_loss_by_example, state fed back from step to step."""

    def __init__(self, args, training=True):
        self.args = args
        if not training:
            args = self.args = dict(args, batch_size=1, seq_length=1)
        cells = []
        for _ in range(args['num_layers']):
            cell = rnn.BasicLSTMCell(args['rnn_size'])
            if training and args['keep'] < 1.0:
                cell = rnn.DropoutWrapper(cell, input_keep_prob=args['keep'])
            cells.append(cell)
        self.cell = cell = rnn.MultiRNNCell(cells, state_is_tuple=True)
        self.input_data = tf.placeholder(tf.int32, [args['batch_size'], args['seq_length']])
        self.targets = tf.placeholder(tf.int32, [args['batch_size'], args['seq_length']])
        self.initial_state = cell.zero_state(args['batch_size'], tf.float32)
        init = np.random.RandomState(1)
        with tf.variable_scope('rnnlm', initializer=tf.constant_initializer(0.1)):
            softmax_w = tf.get_variable('softmax_w', [args['rnn_size'], args['vocab_size']],
                                        initializer=tf.constant_initializer(init.randn(args['rnn_size'], args['vocab_size'])))
            softmax_b = tf.get_variable('softmax_b', [args['vocab_size']])
            embedding = tf.get_variable('embedding', [args['vocab_size'], args['rnn_size']],
                                        initializer=tf.constant_initializer(init.randn(args['vocab_size'], args['rnn_size'])))
            inputs = tf.split(tf.nn.embedding_lookup(embedding, self.input_data), args['seq_length'], 1)
            inputs = [tf.squeeze(input_, [1]) for input_ in inputs]

        def loop(prev, _):
            prev = tf.matmul(prev, softmax_w) + softmax_b
            prev_symbol = tf.stop_gradient(tf.argmax(prev, 1))
            return tf.nn.embedding_lookup(embedding, prev_symbol)

        with tf.variable_scope('decoder', initializer=tf.constant_initializer(0.15)):
            outputs, last_state = legacy_seq2seq.rnn_decoder(
                inputs, self.initial_state, cell, loop_function=loop if not training else None, scope='rnnlm')
        output = tf.reshape(tf.concat(outputs, 1), [-1, args['rnn_size']])
        self.logits = tf.matmul(output, softmax_w) + softmax_b
        self.probs = tf.nn.softmax(self.logits)
        loss = legacy_seq2seq.sequence_loss_by_example(
            [self.logits], [tf.reshape(self.targets, [-1])], [tf.ones([args['batch_size'] * args['seq_length']])])
        self.cost = tf.reduce_sum(loss) / args['batch_size'] / args['seq_length']
        self.final_state = last_state
        self.lr = tf.Variable(0.0, trainable=False)
        tvars = tf.trainable_variables()
        grads, _ = tf.clip_by_global_norm(tf.gradients(self.cost, tvars), 5.0)
        self.train_op = tf.train.AdamOptimizer(self.lr).apply_gradients(zip(grads, tvars))

    def sample(self, sess, vocab, num, prime):
        state = sess.run(self.cell.zero_state(1, tf.float32))
        for char in prime[:-1]:
            [state] = sess.run([self.final_state], {self.input_data: [[vocab[char]]], self.initial_state: state})
        ret, char = prime, prime[-1]
        for _ in range(num):
            [probs, state] = sess.run([self.probs, self.final_state],
                                      {self.input_data: [[vocab[char]]], self.initial_state: state})
            char = 'abcdef'[int(np.argmax(probs[0]))]
            ret += char
        return ret


text = 'abcabdabeabfabcabd' * 4
vocab = {c: i for i, c in enumerate('abcdef')}
args = dict(batch_size=2, seq_length=5, rnn_size=8, num_layers=2, vocab_size=6, keep=1.0)
data = np.array([vocab[c] for c in text[:60]]).reshape(2, -1)
with tf.Graph().as_default(), tf.Session() as sess:
    model = Model(args)
    sess.run(tf.global_variables_initializer())
    for e in range(2):
        sess.run(tf.assign(model.lr, 0.05 * (0.9 ** e)))
        state = sess.run(model.initial_state)
        for b in range(3):
            feed = {model.input_data: data[:, b * 5:b * 5 + 5], model.targets: data[:, b * 5 + 1:b * 5 + 6]}
            for i, (c, h) in enumerate(model.initial_state):
                feed[c] = state[i].c
                feed[h] = state[i].h
            loss, state, _ = sess.run([model.cost, model.final_state, model.train_op], feed)
            print('RESULT loss', e, b, loss)
    trained = sess.run(tf.trainable_variables())
    print('RESULT names', *[v.op.name for v in tf.trainable_variables()])
with tf.Graph().as_default(), tf.Session() as sess:
    model = Model(args, training=False)
    sess.run(tf.global_variables_initializer())
    for var, value in zip(tf.trainable_variables(), trained):
        var.load(value, sess)
    print('RESULT sample', model.sample(sess, vocab, 8, 'ab'))

with tf.Graph().as_default(), tf.Session() as sess:
    encoder = [tf.constant([[1.], [2.]]), tf.constant([[0.5], [1.0]])]
    decoder = [tf.constant([[0.], [1.]]), tf.constant([[2.], [0.5]])]
    with tf.variable_scope('basic', initializer=tf.constant_initializer(0.3)):
        outputs, state = legacy_seq2seq.basic_rnn_seq2seq(encoder, decoder, rnn.GRUCell(3))
    with tf.variable_scope('tied', initializer=tf.constant_initializer(0.2)):
        tied, _ = legacy_seq2seq.tied_rnn_seq2seq(encoder, decoder, rnn.GRUCell(2))
    ids = [tf.constant([1, 2]), tf.constant([3, 0])]
    with tf.variable_scope('attention', initializer=tf.constant_initializer(0.25)):
        attended, _ = legacy_seq2seq.embedding_attention_seq2seq(
            ids, ids, rnn.GRUCell(3), num_encoder_symbols=4, num_decoder_symbols=5, embedding_size=2, feed_previous=True)
    loss = legacy_seq2seq.sequence_loss(attended, ids, [tf.ones([2])] * 2)
    sess.run(tf.global_variables_initializer())
    print('RESULT basic', *np.asarray(sess.run(outputs)).ravel())
    print('RESULT tied', *np.asarray(sess.run(tied)).ravel())
    print('RESULT attention', *np.asarray(sess.run(attended)).ravel())
    print('RESULT sequence_loss', sess.run(loss))
