"""Text generation with a GRU, the eager tutorial."""
import os
import tempfile
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
text = 'the quick brown fox jumps over the lazy dog '
vocab = sorted(set(text))
char2idx = {u: i for i, u in enumerate(vocab)}
text_as_int = np.array([char2idx[c] for c in text])


class Model(tf.keras.Model):
    def __init__(self, vocab_size, embedding_dim, units):
        super(Model, self).__init__()
        self.units = units
        self.embedding = tf.keras.layers.Embedding(vocab_size, embedding_dim)
        self.gru = tf.keras.layers.GRU(self.units, return_sequences=True, recurrent_activation='sigmoid',
                                       recurrent_initializer='glorot_uniform', stateful=True)
        self.fc = tf.keras.layers.Dense(vocab_size)

    def call(self, x):
        embedding = self.embedding(x)
        output = self.gru(embedding)
        return self.fc(output)


def split_input_target(chunk):
    return chunk[:-1], chunk[1:]


def loss_function(real, preds):
    return tf.losses.sparse_softmax_cross_entropy(labels=real, logits=preds)


chunks = tf.data.Dataset.from_tensor_slices(text_as_int).apply(tf.contrib.data.batch_and_drop_remainder(6))
dataset = chunks.map(split_input_target).batch(2, drop_remainder=True)
model = Model(len(vocab), 4, 6)
model.build(tf.TensorShape([2, 5]))
rng = np.random.RandomState(9)
model.set_weights([rng.uniform(-.4, .4, w.shape) for w in model.get_weights()])
optimizer = tf.train.AdamOptimizer()
prefix = os.path.join(tempfile.mkdtemp(), 'ckpt')
for epoch in range(3):
    hidden = model.reset_states()
    for (batch, (inp, target)) in enumerate(dataset):
        with tf.GradientTape() as tape:
            predictions = model(inp)
            loss = loss_function(target, predictions)
        grads = tape.gradient(loss, model.variables)
        optimizer.apply_gradients(zip(grads, model.variables))
        print('RESULT batch', epoch, batch, loss.numpy())
model.save_weights(prefix)
restored = Model(len(vocab), 4, 6)
restored.load_weights(tf.train.latest_checkpoint(os.path.dirname(prefix)))
restored.build(tf.TensorShape([1, None]))
start = [char2idx[c] for c in 'the q']
out = restored(tf.expand_dims(start, 0))
print('RESULT restored', *out.numpy()[0, -1])
print('RESULT next', ''.join(vocab[int(i)] for i in tf.argmax(out[0], axis=1).numpy()).replace(' ', '_'))
