"""Char-free text classification with three kinds of recurrent nets (Keras 1 argument names)."""
import numpy as np
from keras.preprocessing.text import Tokenizer, text_to_word_sequence
from keras.preprocessing.sequence import pad_sequences
from keras.models import Sequential
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import LSTM, GRU, SimpleRNN
from keras.layers.core import Dense, TimeDistributedDense, Masking
from keras import backend as K

texts = ["the cat sat on the mat", "dogs hate the cat, really!", "the mat is green and the cat is not",
         "what a fine day", "rain rain go away", "is the day green?", "no dogs on the mat", "a fine fine cat"]
labels = np.array([1, 1, 1, 0, 0, 0, 1, 0])

max_words, maxlen = 15, 6
tok = Tokenizer(nb_words=max_words)
tok.fit_on_texts(texts)
seqs = tok.texts_to_sequences(texts)
X = pad_sequences(seqs, maxlen=maxlen)
print("RESULT tokens", len(tok.word_index), X.sum(), *X[2])
print("RESULT words", len(text_to_word_sequence(texts[1])), tok.texts_to_matrix(texts[:2], mode='count').sum())


def rows(shape, scale=.3, name=None):
    # every column the same, rows fall off
    v = scale * np.cos(np.arange(shape[0]))
    return K.variable(v[:, None] * np.ones(shape), name=name)


def const(shape, name=None):
    return K.variable(.1 * np.ones(shape), name=name)


emb = np.random.RandomState(3).uniform(-1, 1, (max_words, 4))


def lstm():
    return LSTM(5, init=rows, inner_init=const, forget_bias_init='one', inner_activation='hard_sigmoid',
                activation='tanh', consume_less='mem', dropout_W=0., dropout_U=0.)


def gru():
    return GRU(output_dim=5, init=rows, inner_init=const, inner_activation='sigmoid', return_sequences=False)


def rnn():
    return SimpleRNN(5, init=rows, inner_init='identity', activation='relu', consume_less='cpu')


for name, cell in [('lstm', lstm), ('gru', gru), ('rnn', rnn)]:
    model = Sequential()
    model.add(Embedding(max_words, 4, input_length=maxlen, weights=[emb], dropout=0., mask_zero=(name == 'gru')))
    if name == 'rnn':
        model.add(TimeDistributedDense(3, init='one', activation='tanh'))
    model.add(cell())
    model.add(Dense(1, init='one', activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    p = model.predict(X)
    print("RESULT %s_first" % name, *p[:4, 0])
    h = model.fit(X, labels, batch_size=4, nb_epoch=3, shuffle=False, verbose=0)
    print("RESULT %s_loss" % name, *h.history['loss'])
    print("RESULT %s_last" % name, *model.predict(X)[:4, 0])
    print("RESULT %s_shape" % name, *[l.output_shape[-1] for l in model.layers])
