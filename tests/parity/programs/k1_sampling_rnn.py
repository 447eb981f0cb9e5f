'''Character generator: one-hot windows into a stateful pair of recurrent layers, samples drawn with temperatures.'''
from __future__ import print_function
from keras.models import Sequential
from keras.layers import Dense, Activation, Dropout
from keras.layers import LSTM, GRU
from keras.optimizers import RMSprop
from keras.callbacks import Callback
import numpy as np
import sys

text = 'the quick brown fox jumps over the lazy dog and the dog sleeps'
chars = sorted(list(set(text)))
char_indices = dict((c, i) for i, c in enumerate(chars))
indices_char = dict((i, c) for i, c in enumerate(chars))
maxlen, step, batch = 4, 2, 7
sentences, next_chars = [], []
for i in range(0, len(text) - maxlen, step):
    sentences.append(text[i: i + maxlen])
    next_chars.append(text[i + maxlen])
n = len(sentences) // batch * batch
X = np.zeros((n, maxlen, len(chars)), dtype=np.bool)
y = np.zeros((n, len(chars)), dtype=np.bool)
for i, sentence in enumerate(sentences[:n]):
    for t, char in enumerate(sentence):
        X[i, t, char_indices[char]] = 1
    y[i, char_indices[next_chars[i]]] = 1


def build(batch_size, steps):
    model = Sequential()
    model.add(LSTM(6, return_sequences=True, stateful=True, batch_input_shape=(batch_size, steps, len(chars)),
                   activation='sigmoid', inner_activation='hard_sigmoid', dropout_W=0., dropout_U=0.))
    model.add(GRU(output_dim=5, stateful=True, go_backwards=False, unroll=False))
    model.add(Dense(len(chars)))
    model.add(Activation('softmax'))
    return model


class ResetStates(Callback):
    def on_epoch_begin(self, epoch, logs={}):
        self.model.reset_states()


def sample(preds, temperature=1.0, rng=np.random):
    # helper to draw an index from a probability array
    preds = np.asarray(preds).astype('float64')
    preds = np.log(preds) / temperature
    exp_preds = np.exp(preds)
    preds = exp_preds / np.sum(exp_preds)
    return np.argmax(rng.multinomial(1, preds, 1))


rng = np.random.RandomState(14)
model = build(batch, maxlen)
model.set_weights([rng.uniform(-.5, .5, w.shape) for w in model.get_weights()])
optimizer = RMSprop(lr=0.01)
model.compile(loss='categorical_crossentropy', optimizer=optimizer)
for iteration in range(1, 4):
    h = model.fit(X, y, batch_size=batch, nb_epoch=1, shuffle=False, verbose=0, callbacks=[ResetStates()])
    print('RESULT loss%d' % iteration, h.history['loss'][0])

one = build(1, 1)
one.set_weights(model.get_weights())
for diversity in [0.5, 1.2]:
    one.reset_states()
    generated = ''
    for c in 'the ':
        x = np.zeros((1, 1, len(chars)))
        x[0, 0, char_indices[c]] = 1.
        preds = one.predict(x, verbose=0)[0]
    for i in range(5):
        next_index = sample(preds, diversity, np.random.RandomState(i))
        generated += indices_char[next_index]
        x = np.zeros((1, 1, len(chars)))
        x[0, 0, next_index] = 1.
        preds = one.predict(x, verbose=0)[0]
    print('RESULT text%s <%s>' % (diversity, generated.replace(' ', '_')))
    print('RESULT preds', preds[:6])
states = [s.shape for s in model.get_weights()]
print('RESULT weights', len(states), states)
print('RESULT test', model.test_on_batch(X[:batch], y[:batch]))
