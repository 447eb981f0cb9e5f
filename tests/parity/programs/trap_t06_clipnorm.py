"""RNN with gradient clipping: clipnorm in keras is taken over all gradients together"""
import numpy as np
from keras.models import Sequential
from keras.layers import SimpleRNN, Dense
from keras import optimizers

settings = {'clipnorm': 0.5, 'momentum': 0.0}


class Net:
    def __init__(self, **kwargs):
        self.model = Sequential([SimpleRNN(4, input_shape=(5, 2)), Dense(1)])
        rng = np.random.RandomState(1)
        self.model.set_weights([rng.normal(0, .5, w.shape) for w in self.model.get_weights()])
        self.model.compile(loss='mean_squared_error', optimizer=optimizers.SGD(.1, **kwargs))

    def step(self, x, y):
        old = self.model.get_weights()
        loss = self.model.train_on_batch(x, y)
        return loss, [np.sqrt(np.sum((a - b) ** 2)) for a, b in zip(old, self.model.get_weights())]


rs = np.random.RandomState(2)
x, y = rs.normal(size=(10, 5, 2)), 20 + rs.normal(size=(10, 1))
net = Net(**settings)
for i in range(3):
    loss, moved = net.step(x, y)
    # the whole step has the length lr * clipnorm
    print('RESULT step', i, loss, np.sqrt(np.sum(np.square(moved))), *moved)
