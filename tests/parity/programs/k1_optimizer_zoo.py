"""All optimizers with their defaults (by string name) on the same small regression."""
import sys
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense

EPOCHS = 4
rng = np.random.RandomState(99)
X = rng.uniform(-1, 1, size=(20, 3)).astype(np.float32)
y = (2 * X[:, :1] - X[:, 1:2] + 0.3 * X[:, 2:]) * 1e-3   # tiny targets: tiny gradients, epsilon counts


def make(optimizer, loss='mse'):
    net = Sequential()
    net.add(Dense(4, 'zero', 'tanh', input_dim=3))
    net.add(Dense(1, 'zero'))
    net.set_weights([np.linspace(-1e-3, 2e-3, w.size).reshape(w.shape) for w in net.get_weights()])
    net.compile(loss=loss, optimizer=optimizer)
    return net


for name in 'sgd rmsprop adagrad adadelta adam adamax nadam'.split():
    net = make(name)
    h = net.fit(X, y, nb_epoch=EPOCHS, batch_size=10, shuffle=False, verbose=0)
    print('RESULT %s_loss' % name, *h.history['loss'])
    print('RESULT %s_w' % name, *net.layers[0].get_weights()[0][0, ::3])

# configured ones
for label, opt in (('decay', keras.optimizers.SGD(lr=0.5, decay=0.1)),
                   ('clipnorm', keras.optimizers.Adam(lr=0.01, clipnorm=1e-4)),
                   ('clipvalue', keras.optimizers.SGD(1., momentum=0.3, clipvalue=5e-5)),
                   ('nadam', keras.optimizers.Nadam(lr=0.005, schedule_decay=0.01))):
    net = make(opt, 'mean_absolute_error')
    h = net.fit(X, y, nb_epoch=EPOCHS, batch_size=10, shuffle=False, verbose=0)
    print('RESULT %s' % label, *h.history['loss'])
    print('RESULT %s_conf' % label, opt.get_config()['lr'], net.optimizer.__class__.__name__)
sys.stdout.flush()
