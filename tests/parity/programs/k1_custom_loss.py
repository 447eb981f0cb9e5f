"""Own objectives and metrics on top of the backend, Keras 1 names."""
import numpy as np
import keras
from keras import backend as K, objectives, metrics
from keras.models import Model
from keras.layers import Input, Dense

C = 3
weights_per_class = np.array([1., 2., .5])


def weighted_crossentropy(y_true, y_pred):
    w = K.sum(y_true * K.variable(weights_per_class), axis=-1)
    return w * K.categorical_crossentropy(y_pred, y_true)


def smooth_labels(factor=.1):
    def loss(y_true, y_pred):
        y = y_true * (1. - factor) + factor / C
        return K.categorical_crossentropy(y_pred, y)
    return loss


def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1))


def balanced_bce(y_true, y_pred):
    return K.mean(K.binary_crossentropy(y_pred, y_true) * (1. + y_true), axis=-1)


def recall(y_true, y_pred):
    hits = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    return hits / (K.sum(y_true) + K.epsilon())


def top1(y_true, y_pred):
    return K.mean(K.equal(K.argmax(y_true, -1), K.argmax(y_pred, -1)))


def make(loss, mets, act='softmax'):
    inp = Input(shape=(4,))
    h = Dense(5, activation='tanh')(inp)
    out = Dense(C, activation=act)(h)
    m = Model(input=inp, output=out)
    rs = np.random.RandomState(9)
    m.set_weights([rs.normal(0, .7, w.shape) for w in m.get_weights()])
    m.compile(optimizer=keras.optimizers.SGD(lr=.2, momentum=.5), loss=loss, metrics=mets)
    return m


r = np.random.RandomState(2)
X = r.normal(size=(30, 4))
Y = np.eye(C)[np.argmax(X[:, :C] + .1, axis=1)]
todo = [('weighted', weighted_crossentropy, [recall, top1], 'softmax'),
        ('smooth', smooth_labels(.2), ['accuracy'], 'softmax'),
        ('rmse', rmse, ['mse', 'mae'], 'linear'),
        ('bce', balanced_bce, [metrics.binary_accuracy], 'sigmoid'),
        ('kld', objectives.kullback_leibler_divergence, [recall], 'softmax'),
        ('poisson', 'poisson', [], 'softplus'),
        ('msle', 'msle', ['mae'], 'softplus'),
        ('hinge', objectives.squared_hinge, None, 'tanh')]
for name, loss, mets, act in todo:
    m = make(loss, mets, act)
    h = m.fit(X, Y, nb_epoch=3, batch_size=10, shuffle=False, verbose=0)
    print('RESULT %s' % name, *h.history['loss'])
    last = m.evaluate(X, Y, batch_size=15, verbose=0)
    print('RESULT %s_eval' % name, *(last if isinstance(last, list) else [last]))
    if name == 'weighted':
        print('RESULT names', *m.metrics_names)
