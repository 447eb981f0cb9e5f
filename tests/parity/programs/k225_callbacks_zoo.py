"""Learning-rate policies and callbacks on a regression problem; csv-like log of every epoch"""
from keras.callbacks import *
from keras import models, optimizers
from keras import layers as L
import keras.backend as K
import numpy as np


class EpochLog(Callback):
    def on_train_begin(self, logs={}):
        self.rows, self.batches = [], 0

    def on_batch_end(self, batch, logs={}):
        self.batches += 1

    def on_epoch_end(self, epoch, logs={}):
        lr = float(K.get_value(self.model.optimizer.lr))
        self.rows.append((epoch, lr, logs.get('loss'), logs.get('val_loss'), logs['mean_absolute_error']))


def step_decay(epoch, lr):
    if epoch and epoch % 2 == 0:
        return lr * 0.5
    return lr


def net():
    m = models.Sequential()
    m.add(L.Dense(6, activation='softplus', input_shape=(3,), kernel_initializer='ones', bias_initializer='zeros'))
    m.add(L.GaussianNoise(0.))
    m.add(L.Dense(1, kernel_initializer=lambda shape, dtype=None: K.constant(0.1, shape=shape)))
    return m


rng = np.random.RandomState(12)
X = rng.uniform(-1, 1, size=(30, 3))
Y = X.dot([[1.], [-2.], [.5]]) + .3

seen = []
log = EpochLog()
model = net()
model.compile(optimizers.SGD(lr=.05, momentum=.5), loss='mse', metrics=['mae'])
model.fit(X, Y, 8, 5, 0, [log, LearningRateScheduler(step_decay), TerminateOnNaN(),
                           LambdaCallback(on_epoch_begin=lambda epoch, logs: seen.append(epoch))],
          validation_split=0.2, shuffle=False)
for row in log.rows:
    print('RESULT row', *row)
print('RESULT seen', len(seen), sum(seen), log.batches)

# plateau
model2 = net()
model2.compile(optimizers.Adam(lr=.02, decay=0.), 'mae', ['mae'])
log2 = EpochLog()
cb = [ReduceLROnPlateau(monitor='loss', factor=.3, patience=1, epsilon=0.05, cooldown=0, min_lr=1e-4, verbose=1),
      EarlyStopping('loss', patience=4), log2]
h = model2.fit(X, Y, batch_size=10, epochs=6, verbose=0, callbacks=cb, validation_data=(X[:5], Y[:5]), shuffle=False)
print('RESULT plateau_lr', *h.history['lr'])
print('RESULT plateau_loss', *h.history['loss'])
print('RESULT stopped', len(log2.rows), model2.evaluate(X, Y, verbose=0)[0])
