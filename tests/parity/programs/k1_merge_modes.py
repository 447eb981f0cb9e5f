"""Playground: what every mode of merge() makes out of two vectors / two sequences."""
import numpy as np
import keras.backend as K
from keras.engine import Input, Model, merge
from keras.layers.core import Dense


def run(name, outputs, inputs, arrays):
    net = Model(input=inputs, output=outputs)
    y = net.predict(arrays)
    print('RESULT ' + name, y.shape, np.abs(y).sum(), y.ravel()[1 % y.size])


rng = np.random.RandomState(3)
a, b = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
x1 = Input(shape=(4,), name='left')
x2 = Input((4,), name='right')
for mode in ['sum', 'mul', 'ave', 'max', 'concat', 'dot', 'cos']:
    run(mode, merge([x1, x2], mode=mode), [x1, x2], [a, b])
run('default', merge([x1, x2]), [x1, x2], [a, b])
run('lambda', merge([x1, x2], mode=lambda xs: xs[0] - 2 * xs[1], output_shape=lambda s: s[0]), [x1, x2], [a, b])
run('lambda_tuple', merge([x1, x2], mode=lambda t: K.square(t[0] - t[1]), output_shape=(4,), name='sq'), [x1, x2], [a, b])

# sequences
s, t = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
u = Input(shape=(3, 4))
v = Input(shape=(3, 4))
run('concat_time', merge([u, v], mode='concat', concat_axis=1), [u, v], [s, t])
run('concat_last', merge([u, v], 'concat', concat_axis=-1), [u, v], [s, t])
run('dot_axes', merge([u, v], mode='dot', dot_axes=(2, 2)), [u, v], [s, t])
run('dot_one', merge([u, v], mode='dot', dot_axes=[1, 1]), [u, v], [s, t])

# in a small network, three at a time
shared = Dense(3, activation='tanh', name='shared')
p, q = shared(x1), shared(x2)
m = merge([p, q, merge([p, q], mode='mul')], mode='concat', name='joined')
out = Dense(1, activation='sigmoid')(m)
model = Model(input=[x1, x2], output=out)
model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
model.compile('sgd', 'binary_crossentropy')
losses = [model.train_on_batch([a, b], np.array([[1.], [0.], [1.], [1.], [0.]])) for _ in range(4)]
print('RESULT train', *losses)
print('RESULT shapes', model.get_layer('joined').output_shape[1], len(model.layers), len(model.weights))
