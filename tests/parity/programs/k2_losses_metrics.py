"""Metrics that Keras 2 dropped (precision, recall, f1), a triplet loss, a loss computed inside the graph."""
import functools
import numpy as np
from keras import backend as K, losses, metrics
from keras.layers import Input, Dense, Lambda, concatenate, Dropout
from keras.models import Model
from keras.optimizers import Adagrad, Nadam, RMSprop


def precision(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    predicted_positives = K.sum(K.round(K.clip(y_pred, 0, 1)))
    return true_positives / (predicted_positives + K.epsilon())


def recall(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    return true_positives / (K.sum(K.round(K.clip(y_true, 0, 1))) + K.epsilon())


def f1(y_true, y_pred):
    p, r = precision(y_true, y_pred), recall(y_true, y_pred)
    return 2 * ((p * r) / (p + r + K.epsilon()))


def weighted_bce(weight):
    def loss(y_true, y_pred):
        return K.mean((1 + weight * y_true) * K.binary_crossentropy(y_true, y_pred), axis=-1)
    return loss


def top_2(y_true, y_pred):
    return metrics.top_k_categorical_accuracy(y_true, y_pred, k=2)


def triplet_loss(y_true, y_pred, alpha=0.4, dim=3):
    anchor, positive, negative = y_pred[:, :dim], y_pred[:, dim:2 * dim], y_pred[:, 2 * dim:]
    pos_dist = K.sum(K.square(anchor - positive), axis=1)
    neg_dist = K.sum(K.square(anchor - negative), axis=1)
    return K.maximum(pos_dist - neg_dist + alpha, 0.)


def identity_loss(y_true, y_pred):
    return K.mean(y_pred - 0 * y_true)


def fill(model, seed=1):
    r = np.random.RandomState(seed)
    model.set_weights([r.normal(0, .5, w.shape) for w in model.get_weights()])
    return model


rng = np.random.RandomState(100)
X = rng.normal(size=(24, 5))
Y = (X[:, :2] + X[:, 2:4] > 0).astype('float32')
fit = functools.partial(dict, epochs=3, batch_size=8, verbose=0, shuffle=False)

i = Input((5,))
m = fill(Model(i, Dense(2, activation='sigmoid')(Dense(6, activation='elu')(i))))
m.compile(Adagrad(0.1), weighted_bce(2.), metrics=['accuracy', precision, recall, f1])
h = m.fit(X, Y, **fit()).history
for k in ('loss', 'acc', 'precision', 'recall', 'f1'):
    print('RESULT', k, *h[k])
print('RESULT evaluate', *m.evaluate(X, Y, batch_size=12, verbose=0))

C = np.eye(4)[np.argmax(X[:, :4], axis=1)]
i = Input((5,))
m = fill(Model(i, Dense(4, activation='softmax')(i)))
m.compile(Nadam(lr=0.05), losses.categorical_crossentropy, [metrics.categorical_accuracy, top_2])
h = m.fit(X, C, **fit()).history
print('RESULT top', *(h['loss'] + h['categorical_accuracy'] + h['top_2']))

a, p, n = Input((5,), name='a'), Input((5,), name='p'), Input((5,), name='n')
base = Dense(3, activation='tanh', name='embed')
norm = Lambda(lambda v: K.l2_normalize(v, axis=1))
m = fill(Model([a, p, n], concatenate([norm(base(t)) for t in (a, p, n)], axis=-1)))
m.compile(RMSprop(0.01), triplet_loss)
h = m.fit([X, X + .1, X[::-1]], np.zeros((24, 1)), **fit())
print('RESULT triplet', *h.history['loss'])

y_in = Input((2,), name='labels')
x_in = Input((5,), name='x')
pred = Dense(2, name='pred')(x_in)
err = Lambda(lambda t: K.sum(K.abs(t[0] - t[1]), axis=-1, keepdims=True), output_shape=(1,), name='err')([y_in, pred])
m = fill(Model([x_in, y_in], err))
m.compile(optimizer='adam', loss={'err': lambda y_true, y_pred: y_pred})
print('RESULT ingraph', *m.fit([X, Y], np.zeros(24), **fit()).history['loss'])
m.compile('adam', identity_loss)
print('RESULT identity', m.evaluate([X, Y], np.zeros(24), verbose=0))

for name in ('mape', 'msle', 'logcosh', 'squared_hinge', 'categorical_hinge', 'kullback_leibler_divergence', 'poisson', 'cosine_proximity'):
    f = losses.get(name)
    print('RESULT', name, K.eval(f(K.constant([[.2, .7, .1]]), K.constant([[.3, .5, .2]])))[0])
