"""Functional model, everything left at the defaults of fit()"""
import numpy as np
from keras.layers import Input, Dense
from keras.models import Model
from keras.optimizers import SGD

rng = np.random.RandomState(5)
X = rng.normal(size=(64, 3))
Y = X ** 2

inp = Input(shape=(3,))
hidden = Dense(6, activation='relu')(inp)
model = Model(inp, Dense(3)(hidden))
model.set_weights([rng.uniform(-.6, .6, size=w.shape) for w in model.get_weights()])
model.compile(SGD(0.05), 'mse')
history = model.fit(X, Y, shuffle=False, verbose=0)
print('RESULT epochs', len(history.history['loss']))
print('RESULT loss', history.history['loss'][0], history.history['loss'][-1])
print('RESULT after', model.evaluate(X, Y, verbose=0))
print('RESULT pred', *model.predict(X[:2]).ravel())
