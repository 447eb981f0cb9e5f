"""Neural machine translation with attention, the eager notebook as a script."""
from __future__ import absolute_import, division, print_function

import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
BATCH_SIZE = 4


def gru(units):
    if tf.test.is_gpu_available():
        return tf.keras.layers.CuDNNGRU(units, return_sequences=True, return_state=True, recurrent_initializer='glorot_uniform')
    else:
        return tf.keras.layers.GRU(units, return_sequences=True, return_state=True, recurrent_activation='sigmoid',
                                   recurrent_initializer='glorot_uniform')


class Encoder(tf.keras.Model):
    def __init__(self, vocab_size, embedding_dim, enc_units, batch_sz):
        super(Encoder, self).__init__()
        self.batch_sz = batch_sz
        self.enc_units = enc_units
        self.embedding = tf.keras.layers.Embedding(vocab_size, embedding_dim)
        self.gru = gru(self.enc_units)

    def call(self, x, hidden):
        x = self.embedding(x)
        output, state = self.gru(x, initial_state=hidden)
        return output, state

    def initialize_hidden_state(self):
        return tf.zeros((self.batch_sz, self.enc_units))


class Decoder(tf.keras.Model):
    def __init__(self, vocab_size, embedding_dim, dec_units):
        super(Decoder, self).__init__()
        self.dec_units = dec_units
        self.embedding = tf.keras.layers.Embedding(vocab_size, embedding_dim)
        self.gru = gru(self.dec_units)
        self.fc = tf.keras.layers.Dense(vocab_size)
        self.W1 = tf.keras.layers.Dense(self.dec_units)
        self.W2 = tf.keras.layers.Dense(self.dec_units)
        self.V = tf.keras.layers.Dense(1)

    def call(self, x, hidden, enc_output):
        hidden_with_time_axis = tf.expand_dims(hidden, 1)
        score = self.V(tf.nn.tanh(self.W1(enc_output) + self.W2(hidden_with_time_axis)))
        attention_weights = tf.nn.softmax(score, axis=1)
        context_vector = tf.reduce_sum(attention_weights * enc_output, axis=1)
        x = tf.concat([tf.expand_dims(context_vector, 1), self.embedding(x)], axis=-1)
        output, state = self.gru(x)
        output = tf.reshape(output, (-1, output.shape[2]))
        return self.fc(output), state, attention_weights


def loss_function(real, pred):
    mask = 1 - np.equal(real, 0)
    loss_ = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=real, logits=pred) * mask
    return tf.reduce_mean(loss_)


rng = np.random.RandomState(4)
inp = tf.constant(rng.randint(1, 9, (BATCH_SIZE, 5)))
targ = tf.constant(np.where(rng.rand(BATCH_SIZE, 4) > 0.2, rng.randint(1, 7, (BATCH_SIZE, 4)), 0))
encoder = Encoder(9, 3, 4, BATCH_SIZE)
decoder = Decoder(7, 3, 4)
out, state = encoder(inp, encoder.initialize_hidden_state())
decoder(targ[:, :1], state, out)
for net in (encoder, decoder):
    for v in sorted(net.variables, key=lambda v: (len(v.shape), [int(d) for d in v.shape])):
        v.assign(np.linspace(-0.5, 0.7, int(np.prod(v.shape.as_list()))).reshape(v.shape.as_list()))

optimizer = tf.train.AdamOptimizer()
for step in range(3):
    loss = 0
    with tf.GradientTape() as tape:
        enc_output, enc_hidden = encoder(inp, encoder.initialize_hidden_state())
        dec_hidden = enc_hidden
        dec_input = targ[:, :1]
        for t in range(1, targ.shape[1]):
            predictions, dec_hidden, weights = decoder(dec_input, dec_hidden, enc_output)
            loss += loss_function(targ[:, t], predictions)
            dec_input = tf.expand_dims(targ[:, t], 1)
    batch_loss = (loss / int(targ.shape[1]))
    variables = encoder.variables + decoder.variables
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    print('RESULT step', step, float(batch_loss), len(variables))
print('RESULT attention', *tf.reshape(weights, (-1,)).numpy()[:5])
print('RESULT predicted', *tf.argmax(predictions, axis=1).numpy())
