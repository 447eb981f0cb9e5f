"""Helper functions on top of keras.backend, each inside a Lambda."""
import keras
import keras.backend as K
import numpy as np
from keras.layers import Input, Lambda, Dense
from keras.models import Model

rng = np.random.RandomState(14)
A = rng.normal(size=(3, 4, 2)).astype('float32')


def standardize(t):
    return (t - K.mean(t, axis=[1, 2], keepdims=True)) / K.std(t, axis=[1, 2], keepdims=True)


def pairwise(t):
    return K.batch_dot(t, K.permute_dimensions(t, (0, 2, 1)))


def gram(t):
    f = K.batch_flatten(t)
    return K.dot(f, K.transpose(f))


def rbf(t, gamma=.5):
    centers = K.constant(np.eye(2))
    d = K.expand_dims(t, 2) - centers
    return K.exp(-gamma * K.sum(K.pow(d, 2), axis=-1))


def huber(t, delta=1.0):
    return K.switch(K.less(K.abs(t), delta), .5 * K.square(t), delta * (K.abs(t) - .5 * delta))


def one_hot_argmax(t):
    return K.one_hot(K.argmax(t, axis=1), 4)


HELPERS = [
    ('standardize', standardize), ('pairwise', pairwise), ('gram', gram), ('rbf', rbf), ('huber', huber),
    ('one_hot', one_hot_argmax),
    ('clip', lambda t: K.clip(t, -.5, .5)),
    ('concat', lambda t: K.concatenate([t, K.reverse(t, 1), K.zeros_like(t)], axis=-1)),
    ('stack', lambda t: K.stack([t[:, 0], t[:, -1]], axis=1)),
    ('tile', lambda t: K.tile(t, [1, 2, 1])),
    ('repeat', lambda t: K.repeat(t[:, :, 0], 3) + K.repeat_elements(t[:, :1, :1], 4, axis=2)),
    ('softmax', lambda t: K.softmax(t)),
    ('hard', lambda t: K.hard_sigmoid(t) + K.relu(t, alpha=.1, max_value=1.)),
    ('logsumexp', lambda t: K.logsumexp(t, axis=1)),
    ('reshape', lambda t: K.reshape(t, (-1, 2, 4))),
    ('resize', lambda t: K.squeeze(K.resize_images(K.expand_dims(t, -1), 2, 2, 'channels_last'), -1)),
    ('pad', lambda t: K.temporal_padding(t, (1, 2))),
    ('cumsum', lambda t: K.cumsum(t, axis=1) - K.cumprod(t, axis=1)),
    ('gather', lambda t: K.gather(t, K.constant([2, 0, 1], dtype='int32'))[:, 0]),
    ('any', lambda t: K.cast(K.any(K.greater(t, 1.), axis=-1), K.floatx())),
    ('map', lambda t: K.map_fn(lambda row: K.sum(row) * row, t)),
    ('sign', lambda t: K.sign(t) * K.sqrt(K.abs(t)) + K.sin(t) * K.cos(t)),
    ('l2', lambda t: K.l2_normalize(t, axis=-1)),
    ('var', lambda t: K.var(t, axis=1) + K.prod(t, axis=1) + K.max(t, 1) - K.min(t, axis=1)),
]
for name, helper in HELPERS:
    x = Input(shape=A.shape[1:])
    model = Model(x, Lambda(helper, name=name)(x))
    y = model.predict(A, batch_size=3)
    print('RESULT', name, y.shape, np.abs(y).sum(), y.ravel()[1])

v = K.variable(np.ones((2, 2)), dtype='float32', name='v')
K.set_value(v, 3 * np.eye(2))
K.batch_set_value([(v, K.get_value(v) + 1)])
print('RESULT values', *K.batch_get_value([v])[0].ravel(), K.eval(K.sum(v * K.ones((2, 2)))), K.count_params(v))
sess = K.get_session()
print('RESULT session', sess.run(K.mean(v)), float(K.get_session().run(v)[0, 0]))
p = K.placeholder(shape=(None, 2))
affine = K.function(inputs=[p], outputs=[K.dot(p, v) + 1, K.sum(p)])
print('RESULT function', *affine([A[0]])[0].ravel()[:3], affine([A[0]])[1])
print('RESULT info', K.backend(), K.image_data_format(), K.floatx(), K.epsilon())
