"""Optimizers with positional hyperparameters: lr, momentum, decay, nesterov / lr, rho, epsilon, decay"""
import keras
from keras.optimizers import SGD, RMSprop, Adam
import numpy as np

CANDIDATES = [
    ('sgd', SGD, (0.1, 0.9, 1e-6, True)),
    ('rmsprop', RMSprop, (0.01, 0.8, 1e-2, 0.0)),
    ('adam', Adam, (0.05, 0.9, 0.99, 1e-8, 0.3)),
]

inputs = np.random.RandomState(23).uniform(-1, 1, (32, 4))
targets = np.tanh(inputs.sum(axis=1, keepdims=True))

for name, cls, params in CANDIDATES:
    a = keras.layers.Input((4,))
    b = keras.layers.Dense(3, activation='tanh', kernel_initializer=keras.initializers.Constant(.3), name=name + '_1')(a)
    c = keras.layers.Dense(1, kernel_initializer='ones', name=name + '_2')(b)
    model = keras.models.Model(a, c)
    model.compile(cls(*params), 'mse')
    losses = [float(model.train_on_batch(inputs, targets)) for _ in range(6)]
    print('RESULT ' + name, *losses)
    print('RESULT ' + name + '_w', float(model.get_weights()[0].sum()), float(model.get_weights()[2].sum()))
