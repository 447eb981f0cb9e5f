"""reduces the learning rate if the loss improves by less than epsilon"""
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense
from keras.optimizers import SGD
from keras.callbacks import ReduceLROnPlateau

options = {'monitor': 'loss', 'factor': 0.2, 'patience': 1, 'epsilon': 0.3, 'min_lr': 1e-5}

rng = np.random.RandomState(9)
X = rng.normal(size=(40, 3))
Y = X.dot([[1.], [2.], [3.]])

i = Input((3,))
model = Model(i, Dense(1, kernel_initializer='zeros')(i))
model.compile(SGD(0.01), 'mae')
h = model.fit(X, Y, batch_size=10, epochs=7, verbose=0, shuffle=False, callbacks=[ReduceLROnPlateau(**options)])
print('RESULT loss', *h.history['loss'])
print('RESULT kernel', *model.get_weights()[0].ravel())
steps = np.abs(np.diff(h.history['loss']))
print('RESULT slower', int((steps < .01).sum()))
