"""Every callback I use: checkpoints, csv log, plateau, schedule, and two of my own."""
import csv
import glob
import os
import tempfile
import keras
from keras import backend as K
from keras.callbacks import *
from keras.layers import Dense
from keras.models import Sequential, load_model
from keras.optimizers import SGD
import numpy as np


class AccHistory(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.acc, self.val_acc, self.lrs = [], [], []

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        self.acc.append(logs['acc'])
        self.val_acc.append(logs.get('val_acc'))
        self.lrs.append(K.get_value(self.model.optimizer.lr))


class WarmUp(Callback):
    """linear warm-up per batch"""
    def __init__(self, steps, target):
        super(WarmUp, self).__init__()
        self.steps, self.target, self.seen = steps, target, 0

    def on_batch_begin(self, batch, logs={}):
        self.seen += 1
        if self.seen <= self.steps:
            K.set_value(self.model.optimizer.lr, self.target * self.seen / self.steps)


def schedule(epoch, lr):
    return lr * 0.5 if epoch else lr


r = np.random.RandomState(13)
X = r.normal(size=(36, 4))
y = (X[:, 0] - X[:, 2] > 0).astype(int)


def new_model(metrics=('accuracy',)):
    m = Sequential()
    m.add(Dense(5, input_dim=4, activation='tanh', weights=[np.linspace(-1, 1, 20).reshape(4, 5), np.zeros(5)]))
    m.add(Dense(1, activation='sigmoid', kernel_initializer='ones'))
    m.compile(SGD(0.3, 0.5, 1e-3, True), 'binary_crossentropy', metrics=list(metrics))
    return m


tmp = tempfile.mkdtemp()
fit_args = dict(batch_size=12, verbose=0, shuffle=False, validation_data=(X[24:], y[24:]))
acc = AccHistory()
model = new_model()
h = model.fit(X[:24], y[:24], epochs=4, callbacks=[
    acc, WarmUp(3, 0.3), CSVLogger(os.path.join(tmp, 'log.csv')), TerminateOnNaN(),
    ModelCheckpoint(os.path.join(tmp, 'model-{epoch:03d}-{val_loss:.3f}.hdf5'), save_best_only=False, period=2),
    ModelCheckpoint(os.path.join(tmp, 'best.h5'), 'val_acc', 0, True, True, 'max')], **fit_args)
print('RESULT loss', *h.history['loss'])
print('RESULT acc', *acc.acc)
print('RESULT val_acc', *acc.val_acc)
print('RESULT lrs', *acc.lrs)
rows = list(csv.DictReader(open(os.path.join(tmp, 'log.csv'))))
print('RESULT csv', len(rows), *sorted(rows[0]), rows[-1]['val_loss'])
files = sorted(glob.glob(os.path.join(tmp, 'model-*')))
print('RESULT files', len(files), *[os.path.basename(f) for f in files])
print('RESULT reloaded', *load_model(files[-1]).evaluate(X[24:], y[24:], verbose=0))
model.load_weights(os.path.join(tmp, 'best.h5'))
print('RESULT best', *model.evaluate(X[24:], y[24:], verbose=0))

model = new_model()
acc = AccHistory()
h = model.fit(X[:24], y[:24], epochs=5, callbacks=[LearningRateScheduler(schedule), acc], **fit_args)
print('RESULT schedule', *h.history['lr'])
model = new_model()
h = model.fit(X[:24], y[:24], epochs=8, callbacks=[
    ReduceLROnPlateau(monitor='val_loss', factor=0.2, patience=1, min_delta=0.5, min_lr=0.001),
    EarlyStopping('val_loss', 0.5, 3, 0, 'auto', restore_best_weights=True)], **fit_args)
print('RESULT plateau', len(h.epoch), *h.history['lr'])
print('RESULT restored', *model.predict(X[:3]).ravel())
