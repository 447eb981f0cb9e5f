"""Learning-rate decay given to the optimizer (linear model on noisy data)"""
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD, Adam
import numpy as np

rng = np.random.RandomState(14)
x = rng.normal(size=(40, 3))
y = x.dot([[2.], [-1.], [.5]]) + .1 * rng.normal(size=(40, 1))


def train(opt):
    model = Sequential()
    model.add(Dense(1, input_dim=3, kernel_initializer='zeros'))
    model.compile(loss='mse', optimizer=opt)
    h = model.fit(x, y, epochs=4, batch_size=8, verbose=0, shuffle=False)
    return h.history['loss'] + list(model.get_weights()[0].ravel())


opts = {'sgd': SGD(0.05, momentum=0.5, decay=0.2), 'adam': Adam(0.1, decay=0.5), 'plain': SGD(0.05, momentum=0.5)}
for name in sorted(opts):
    print('RESULT', name, *train(opts[name]))
