"""Character model: MultiRNNCell of LSTM cells with DropoutWrapper, stateful sampling."""
import numpy as np
import tensorflow as tf

text = "hello world, hello tensorflow"
chars = sorted(set(text))
char_to_id = {c: i for i, c in enumerate(chars)}
ids = np.array([char_to_id[c] for c in text])


class Model():
    def __init__(self, vocab_size, rnn_size=8, num_layers=2, batch_size=2, seq_length=5, infer=False):
        if infer:
            batch_size, seq_length = 1, 1
        self.keep_prob = tf.placeholder_with_default(1.0, shape=[])

        def make_cell():
            cell = tf.nn.rnn_cell.LSTMCell(rnn_size, initializer=tf.constant_initializer(
                np.random.RandomState(rnn_size).uniform(-.2, .2, (2 * rnn_size, 4 * rnn_size))))
            return tf.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=self.keep_prob)

        self.cell = tf.nn.rnn_cell.MultiRNNCell([make_cell() for _ in range(num_layers)], state_is_tuple=True)
        self.input_data = tf.placeholder(tf.int32, [batch_size, seq_length])
        self.targets = tf.placeholder(tf.int32, [batch_size, seq_length])
        self.initial_state = self.cell.zero_state(batch_size, tf.float32)
        with tf.variable_scope('rnnlm'):
            softmax_w = tf.get_variable("softmax_w", initializer=np.random.RandomState(1).normal(0, .2, (rnn_size, vocab_size)).astype('f'))
            softmax_b = tf.get_variable("softmax_b", [vocab_size], initializer=tf.zeros_initializer())
            embedding = tf.get_variable("embedding", initializer=np.random.RandomState(2).normal(0, .5, (vocab_size, rnn_size)).astype('f'))
            inputs = tf.nn.embedding_lookup(embedding, self.input_data)
        outputs, self.final_state = tf.nn.dynamic_rnn(self.cell, inputs, initial_state=self.initial_state, scope='rnnlm')
        output = tf.reshape(outputs, [-1, rnn_size])
        self.logits = tf.matmul(output, softmax_w) + softmax_b
        self.probs = tf.nn.softmax(self.logits)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=self.logits, labels=tf.reshape(self.targets, [-1]))
        self.cost = tf.reduce_sum(loss) / batch_size / seq_length
        self.lr = tf.Variable(0.0, trainable=False)
        tvars = tf.trainable_variables()
        grads, self.grad_norm = tf.clip_by_global_norm(tf.gradients(self.cost, tvars), 0.5)
        self.train_op = tf.train.AdamOptimizer(self.lr).apply_gradients(zip(grads, tvars))


x = ids[:20].reshape(2, 2, 5).transpose(1, 0, 2)
y = ids[1:21].reshape(2, 2, 5).transpose(1, 0, 2)
model = Model(len(chars))
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for e in range(2):
        sess.run(tf.assign(model.lr, 0.02 * (0.97 ** e)))
        state = sess.run(model.initial_state)
        for b in range(2):
            feed = {model.input_data: x[b], model.targets: y[b], model.keep_prob: 1.0}
            for i, (c, h) in enumerate(model.initial_state):
                feed[c] = state[i].c
                feed[h] = state[i].h
            cost, norm, state, _ = sess.run([model.cost, model.grad_norm, model.final_state, model.train_op], feed)
            print("RESULT cost", e, b, cost, norm)
    print("RESULT state", len(state), *[np.abs(s.h).sum() for s in state])
    probs = sess.run(model.probs, {model.input_data: x[0]})
    print("RESULT probs", *probs[0])
    print("RESULT variables", len(tf.trainable_variables()))
