# reads features from a layer by its automatic name, and copies layers by name between two nets
import numpy as np
from keras.models import Sequential, Model
from keras.layers import Dense, Activation

FEATURES = 'activation_2'


def stack(depth):
    m = Sequential()
    for i in range(depth):
        m.add(Dense(3, input_shape=(3,)))
        m.add(Activation('tanh' if i % 2 else 'sigmoid'))
    return m


net = stack(4)
rng = np.random.RandomState(4)
net.set_weights([rng.normal(size=w.shape) for w in net.get_weights()])
x = rng.normal(size=(2, 3))

cut = Model(inputs=net.layers[0].input, outputs=net.get_layer(FEATURES).output)
print('RESULT features', *cut.predict(x).ravel())
print('RESULT depth', len([l for l in cut.layers if l.count_params()]))

for name in ('dense_1', 'dense_3'):
    net.get_layer(name).trainable = False
net.compile('sgd', 'mse')
before = net.get_weights()
net.train_on_batch(x, np.ones((2, 3)))
print('RESULT moved', *[int(np.abs(a - b).max() > 0) for a, b in zip(before, net.get_weights())])
