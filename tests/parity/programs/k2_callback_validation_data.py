"""Per-epoch F1 on self.validation_data, training stopped by a callback, best weights kept by hand."""
import os
import tempfile
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.callbacks import Callback, CSVLogger, TerminateOnNaN, ModelCheckpoint, ReduceLROnPlateau
from keras import optimizers
import keras.backend as K


class Metrics(Callback):
    def on_train_begin(self, logs={}):
        self.val_f1s = []
        self.val_recalls = []
        self.lrs = []

    def on_epoch_end(self, epoch, logs={}):
        val_predict = (np.asarray(self.model.predict(self.validation_data[0]))).round()
        val_targ = self.validation_data[1]
        tp = float((val_predict * val_targ).sum())
        recall = tp / (val_targ.sum() + 1e-7)
        precision = tp / (val_predict.sum() + 1e-7)
        self.val_recalls.append(recall)
        self.val_f1s.append(2 * precision * recall / (precision + recall + 1e-7))
        self.lrs.append(float(K.get_value(self.model.optimizer.lr)))
        logs['val_f1'] = self.val_f1s[-1]
        return


class Stopper(Callback):
    def __init__(self, monitor='val_loss', patience=0):
        super(Stopper, self).__init__()
        self.monitor = monitor
        self.patience = patience
        self.best = np.inf
        self.wait = 0
        self.weights = None

    def on_epoch_end(self, epoch, logs=None):
        current = logs.get(self.monitor)
        if np.less(current, self.best):
            self.best, self.wait = current, 0
            self.weights = self.model.get_weights()
        else:
            self.wait += 1
            if self.wait > self.patience:
                self.model.stop_training = True
                self.model.set_weights(self.weights)

    def on_train_end(self, logs=None):
        print('RESULT stopped', self.wait, round(float(self.best), 6), self.params['epochs'], self.params['samples'])


def create():
    model = Sequential()
    model.add(Dense(8, input_dim=5, activation='tanh'))
    model.add(Dropout(0.0))
    model.add(Dense(1, activation='sigmoid'))
    rng = np.random.RandomState(4)
    model.set_weights([rng.normal(0, .5, w.shape) for w in model.get_weights()])
    model.compile(optimizers.Adam(lr=0.08), 'binary_crossentropy', ['acc'])
    return model


rng = np.random.RandomState(9)
X, Xv = rng.randn(60, 5), rng.randn(30, 5)
y = (X[:, 0] + 0.5 * X[:, 1] > 0).astype(int)
yv = (Xv[:, 0] - 0.2 * Xv[:, 2] > 0).astype(int).reshape(-1, 1)
folder = tempfile.mkdtemp()
log = os.path.join(folder, 'training.log')
model = create()
m = Metrics()
callbacks = [m, CSVLogger(log, separator=';'), TerminateOnNaN(),
             ModelCheckpoint(os.path.join(folder, 'w.{epoch:02d}-{val_loss:.3f}-{val_acc:.2f}.hdf5'), save_weights_only=True),
             ReduceLROnPlateau('val_loss', factor=0.3, patience=1, cooldown=1, min_lr=0.001),
             Stopper('val_loss', 4)]
h = model.fit(X, y, batch_size=20, epochs=10, verbose=0, validation_data=(Xv, yv), callbacks=callbacks, shuffle=False)
print('RESULT epochs', len(h.epoch))
print('RESULT f1', *m.val_f1s)
print('RESULT recall', *m.val_recalls)
print('RESULT lrs', *m.lrs)
with open(log) as f:
    lines = f.read().splitlines()
print('RESULT header', *lines[0].split(';'))
print('RESULT last', *lines[-1].split(';'))
names = sorted(os.listdir(folder))
print('RESULT files', *names)
for e in (1, 3):
    model.load_weights(os.path.join(folder, [n for n in names if n.startswith('w.%02d' % e)][0]))
    print('RESULT from%d' % e, *model.evaluate(Xv, yv, verbose=0))
