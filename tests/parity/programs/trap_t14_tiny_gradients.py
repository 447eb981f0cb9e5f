"""Regression on targets in small physical units: gradients are tiny, adaptive optimizers should not mind"""
import numpy as np
from keras import models, layers, optimizers as O

METRE = 1e-5   # values come in units of 10 micrometres
SPEC = {'adagrad': O.Adagrad(0.01), 'rmsprop': O.RMSprop(0.001)}

x = np.linspace(-1, 1, 16).reshape(8, 2)
y = METRE * (x[:, :1] - 3 * x[:, 1:])
for name, opt in sorted(SPEC.items()):
    net = models.Sequential()
    net.add(layers.Dense(1, input_shape=(2,), kernel_initializer='zeros', use_bias=False))
    net.compile(opt, loss='mean_absolute_error', loss_weights=[METRE])
    for step in range(1, 5):
        net.train_on_batch(x, y)
        print('RESULT', name, step, *net.layers[-1].get_weights()[0].ravel())
