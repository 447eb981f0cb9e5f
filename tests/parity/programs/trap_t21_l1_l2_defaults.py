"""elastic net by regularizers"""
from keras import regularizers
from keras.regularizers import l1_l2
from keras.models import Sequential
from keras.layers import Dense
import numpy as np

variants = [('both', l1_l2()), ('l1', l1_l2(l1=.02)), ('l2', regularizers.l1_l2(l2=.1)), ('plain', regularizers.l1(.02))]
x = np.arange(12.).reshape(6, 2) / 10
y = x.sum(axis=1)

for tag, reg in variants:
    m = Sequential()
    m.add(Dense(3, input_dim=2, kernel_initializer='ones', kernel_regularizer=reg))
    m.add(Dense(1, kernel_initializer='ones'))
    m.compile('sgd', 'mse')
    print('RESULT', tag, *[float(m.train_on_batch(x, y)) for _ in range(3)])
