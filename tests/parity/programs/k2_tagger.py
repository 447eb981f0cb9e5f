"""Named entity tagger: frozen embeddings, BiLSTM, temporal sample weights."""
import numpy as np
from keras.layers import Embedding, Bidirectional, LSTM, GRU, TimeDistributed, Dense, SpatialDropout1D, Input, Masking, Lambda
from keras.models import Model, Sequential
from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer
from keras.utils import to_categorical
import keras.backend as K
import keras

SENTENCES = ["Alice went to Paris", "Bob lives in Rome with Alice", "nobody went home", "Paris and Rome are far from home"]
TAGS = [[1, 0, 0, 2], [1, 0, 0, 2, 0, 1], [0, 0, 0], [2, 0, 2, 0, 0, 0, 0]]


class Tagger(object):
    max_len = 6

    def __init__(self, vocabulary, n_tags=3, dim=4, units=5):
        rng = np.random.RandomState(1)
        matrix = rng.uniform(-1, 1, (vocabulary, dim))
        matrix[0] = 0
        model = Sequential()
        model.add(Embedding(vocabulary, dim, weights=[matrix], input_length=self.max_len, mask_zero=True, trainable=False))
        model.add(SpatialDropout1D(0.))
        model.add(Bidirectional(LSTM(units, return_sequences=True, dropout=0., recurrent_dropout=0.), merge_mode='concat'))
        model.add(TimeDistributed(Dense(n_tags, activation='softmax')))
        for layer in model.layers[2:]:
            layer.set_weights([rng.normal(0, .4, w.shape) for w in layer.get_weights()])
        model.compile('rmsprop', 'categorical_crossentropy', metrics=['accuracy'], sample_weight_mode='temporal')
        self.model = model

    def fit(self, x, y, weights, **kwargs):
        kwargs.setdefault('verbose', 0)
        return self.model.fit(x, y, sample_weight=weights, shuffle=False, **kwargs)

    def tag(self, x):
        return np.argmax(self.model.predict(x), axis=-1)


tok = Tokenizer(num_words=None, lower=True, oov_token='<unk>')
tok.fit_on_texts(SENTENCES)
x = pad_sequences(tok.texts_to_sequences(SENTENCES), Tagger.max_len, padding='post', truncating='post')
tags = pad_sequences(TAGS, Tagger.max_len, padding='post', truncating='post')
y = to_categorical(tags, 3)
print('RESULT data', len(tok.word_index), x.sum(), *y.shape)

w = np.where(tags > 0, 2., 1.) * (x > 0)
tagger = Tagger(len(tok.word_index) + 1)
h = tagger.fit(x, y, w, epochs=4, batch_size=2)
print('RESULT loss', *h.history['loss'])
print('RESULT acc', *h.history['acc'])
print('RESULT probabilities', *tagger.model.predict(x)[1, :3].ravel())
print('RESULT tags', *tagger.tag(x)[0])
print('RESULT shapes', *[l.output_shape[-1] for l in tagger.model.layers])
print('RESULT params', tagger.model.count_params(), len(tagger.model.trainable_weights))

# the same on raw features, with a mask and a GRU in "sum" mode
inp = Input((Tagger.max_len, 2))
z = Masking(mask_value=-1.)(inp)
z = Bidirectional(GRU(3, return_sequences=False), merge_mode='sum', name='bi')(z)
m = Model(inp, z)
r = np.random.RandomState(9)
m.set_weights([r.uniform(-.5, .5, k.shape) for k in m.get_weights()])
f = r.uniform(size=(2, Tagger.max_len, 2))
f[0, 4:] = -1.
print('RESULT masked', *m.predict(f).ravel())
