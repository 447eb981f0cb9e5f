"""Lambda layers in all their forms: arguments, mask, output_shape as function or tuple, slices, several inputs."""
import numpy as np
from keras import backend as K
from keras.layers import Dense, Embedding, Input, LSTM, Lambda, Masking, add
from keras.models import Model, Sequential
import tensorflow as tf


def scaled(x, factor=1., shift=0.):
    return x * factor + shift


def mean_shape(s):
    s = list(s)
    del s[1]
    return tuple(s)


def masked_mean(x, mask=None):
    if mask is None:
        return K.mean(x, axis=1)
    m = K.cast(mask, K.floatx())
    return K.sum(x * K.expand_dims(m, 2), axis=1) / K.maximum(K.sum(m, axis=1, keepdims=True), 1.)


def take(index):
    def func(x):
        return x[:, index]
    return Lambda(func)


def slice_(x, start, size):
    """start and size in order of axes"""
    return tf.slice(x, [0] + start, [-1] + size)


def run(name, inputs, output, *data):
    out = Model(inputs, output).predict(list(data) if len(data) > 1 else data[0])
    print('RESULT', name, *out.shape)
    print('RESULT', name + '_values', *np.round(out.ravel()[:12], 6))


r = np.random.RandomState(5)
seq = r.randn(2, 4, 3)
a = Input((4, 3))
run('arguments', a, Lambda(scaled, arguments={'factor': 2., 'shift': -.5})(a), seq)
run('out_shape', a, Lambda(lambda x: K.mean(x, axis=1), output_shape=mean_shape)(a), seq)
run('tuple_shape', a, Lambda(lambda x: K.batch_flatten(x), output_shape=(12,))(a), seq)
run('take', a, take(2)(a), seq)
run('slice', a, Lambda(slice_, output_shape=(2, 2), arguments=dict(start=[1, 0], size=[2, 2]))(a), seq)
run('reverse', a, Lambda(lambda x: K.reverse(x, axes=1), output_shape=lambda s: s)(a), seq)
b = Input((3,))
run('two', [a, b], Lambda(lambda x: K.batch_dot(x[0], x[1]), output_shape=lambda s: (s[0][0], s[0][1]))([a, b]), seq, seq[:, 0])
run('repeat', b, Lambda(lambda x: K.repeat(x, 2))(b), seq[:, 0])
i = Input((3,), dtype='int32')
run('one_hot', i, Lambda(lambda x: K.one_hot(K.cast(x, 'int32'), 4), output_shape=(3, 4))(i), np.array([[0, 3, 1], [2, 2, 0]]))
tokens = np.array([[3, 1, 0, 0], [2, 2, 4, 0]])
t = Input((4,), dtype='int32')
e = Embedding(5, 3, mask_zero=True, embeddings_initializer='ones', name='emb')(t)
m = Model(t, Lambda(masked_mean, output_shape=mean_shape)(e))
m.get_layer('emb').set_weights([r.randn(5, 3)])
print('RESULT masked_mean', *m.predict(tokens).ravel())
k = Masking(0.)(a)
h = Lambda(lambda x: x * 2, mask=lambda inputs, mask: mask)(k)
seq[0, 2:] = 0
net = Model(a, LSTM(2, name='lstm')(h))
net.get_layer('lstm').set_weights([r.randn(*w.shape) * .5 for w in net.get_layer('lstm').get_weights()])
print('RESULT through_mask', *net.predict(seq).ravel())
# scopes in which the multiplier differs from layer to layer
outs = [Lambda(lambda x, k=n: x ** k)(b) for n in (1, 2, 3)]
run('powers', b, add(outs), seq[:, 0])
seqm = Sequential([Lambda(lambda x: x / 255., input_shape=(6, 6, 1)), Lambda(lambda x: tf.image.resize_images(x, (3, 3))),
                   Lambda(lambda x: K.reshape(x, (-1, 9)))])
print('RESULT resized', *seqm.predict(np.arange(36.).reshape(1, 6, 6, 1))[0])
print('RESULT shape_attr', *[str(l.output_shape) for l in seqm.layers])
d = Dense(1, kernel_initializer='ones')
two = Model(b, Lambda(lambda x: [x, x * 3])(b))
print('RESULT multi', *[float(v) for o in two.predict(seq[:, 0]) for v in o[1]])
