"""Attention by RepeatVector and Permute for a tagger of clauses, TimeDistributed over a submodel, Keras 1.2 style."""
import numpy as np
from keras.models import Model, Sequential
from keras.layers import Input, Dense, GRU, LSTM, RepeatVector, Permute, Flatten, Lambda, TimeDistributed, merge
from keras.layers import Embedding, Dropout, Activation
from keras import backend as K
from keras.utils.np_utils import to_categorical
from keras.preprocessing.sequence import pad_sequences

MAX_WORDS, MAX_SENTS, VOCAB, DIM = 5, 3, 12, 4
rng = np.random.RandomState(3)


def attend(sequence, units, steps, prefix):
    score = TimeDistributed(Dense(1, activation='tanh'), name=prefix + '_score')(sequence)
    score = Flatten()(score)
    alpha = Activation('softmax', name=prefix + '_alpha')(score)
    alpha = Permute([2, 1])(RepeatVector(units)(alpha))
    weighted = merge([sequence, alpha], mode='mul')
    return Lambda(lambda xin: K.sum(xin, axis=-2), output_shape=(units,))(weighted)


words = Input(shape=(MAX_WORDS,), dtype='int32')
x = Embedding(VOCAB, DIM, input_length=MAX_WORDS)(words)
x = GRU(4, return_sequences=True, consume_less='mem')(x)
sentence_encoder = Model(words, attend(x, 4, MAX_WORDS, 'word'))

document = Input(shape=(MAX_SENTS, MAX_WORDS), dtype='int32')
d = TimeDistributed(sentence_encoder)(document)
d = LSTM(5, return_sequences=True, forget_bias_init='one', consume_less='gpu')(d)
d = attend(d, 5, MAX_SENTS, 'sentence')
out = Dense(3, activation='softmax')(Dropout(0.)(d))
model = Model(input=[document], output=[out])
model.set_weights([rng.normal(0, .35, w.shape) for w in model.get_weights()])
model.compile('rmsprop', 'categorical_crossentropy', metrics=['acc', 'categorical_accuracy'])

texts = [[list(rng.randint(1, VOCAB, rng.randint(1, 8))) for _ in range(MAX_SENTS)] for _ in range(15)]
X = np.array([pad_sequences(t, maxlen=MAX_WORDS, padding='post', truncating='post') for t in texts])
Y = to_categorical(rng.randint(0, 3, 15), 3)
hist = model.fit(X, Y, nb_epoch=3, batch_size=5, shuffle=False, verbose=0, class_weight={0: 1., 1: 2., 2: .5})
for k in ('loss', 'acc', 'categorical_accuracy'):
    print('RESULT', k, hist.history[k])
alphas = K.function([model.input, K.learning_phase()], [model.get_layer('sentence_alpha').output])
print('RESULT alpha', alphas([X[:2], 0])[0].ravel())
print('RESULT sentence', sentence_encoder.predict(X[0])[0])
print('RESULT doc', model.predict(X[:2]).ravel())
print('RESULT padded', X[0].ravel())
