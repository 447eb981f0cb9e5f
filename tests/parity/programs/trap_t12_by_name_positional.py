"""Takes layers with equal names from the weights file of another architecture"""
import os
import tempfile
import numpy as np
from keras.models import Sequential
from keras.layers import Dense


def old_net():
    return Sequential([Dense(4, input_dim=4, activation='tanh', name='stem'),
                       Dense(4, activation='tanh', name='middle'),
                       Dense(4, name='head')])


def new_net():
    return Sequential([Dense(4, input_dim=4, activation='tanh', name='stem'),
                       Dense(4, activation='tanh', name='adapter', kernel_initializer='ones'),
                       Dense(4, activation='tanh', name='adapter2', kernel_initializer='ones'),
                       Dense(4, name='head')])


path = os.path.join(tempfile.mkdtemp(), 'old.weights.h5')
old = old_net()
rng = np.random.RandomState(6)
old.set_weights([rng.normal(size=w.shape) for w in old.get_weights()])
old.save_weights(path)

new = new_net()
new.load_weights(path, True)
for layer in new.layers:
    print('RESULT', layer.name, *[float(w.sum()) for w in layer.get_weights()])
print('RESULT out', *new.predict(rng.uniform(size=(2, 4))).ravel())
