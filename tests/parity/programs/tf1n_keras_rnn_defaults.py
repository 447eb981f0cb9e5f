"""tf.keras recurrent layers as the translation tutorials used them: CuDNN where there is a GPU."""
import functools
import numpy as np
import tensorflow as tf

if tf.test.is_gpu_available():
    rnn = tf.keras.layers.CuDNNGRU
else:
    rnn = functools.partial(tf.keras.layers.GRU, recurrent_activation='sigmoid')

rng = np.random.RandomState(8)


def build(vocab_size, embedding_dim, units, cell):
    return tf.keras.Sequential([
        tf.keras.layers.Embedding(vocab_size, embedding_dim, input_length=5),
        cell(units, return_sequences=True),
        tf.keras.layers.LSTM(units),
        tf.keras.layers.Dense(2, activation='softmax')])


def fill(model):
    model.set_weights([rng.uniform(-0.5, 0.5, w.shape) for w in model.get_weights()])


tokens = rng.randint(1, 12, (6, 5))
labels = tf.keras.utils.to_categorical(rng.randint(0, 2, 6), 2)
for name, cell in (('partial', rnn), ('gru', tf.keras.layers.GRU), ('lstm', tf.keras.layers.LSTM), ('simple', tf.keras.layers.SimpleRNN)):
    model = build(12, 3, 4, cell)
    fill(model)
    print('RESULT', name, *model.predict(tokens)[:2].ravel())
    model.compile('adagrad', 'categorical_crossentropy')
    losses = model.fit(tokens, labels, epochs=3, batch_size=3, shuffle=False, verbose=0).history['loss']
    print('RESULT', name + '_loss', *losses)

bidirectional = tf.keras.Sequential()
bidirectional.add(tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(3, return_sequences=True), input_shape=(4, 2), merge_mode='sum'))
bidirectional.add(tf.keras.layers.TimeDistributed(tf.keras.layers.Dense(1, activation='hard_sigmoid')))
fill(bidirectional)
print('RESULT bidirectional', *bidirectional.predict(rng.randn(1, 4, 2)).ravel())
