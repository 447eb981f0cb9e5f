"""Stops when the validation accuracy is good enough; keeps the best weights"""
import os
import tempfile
import numpy as np
from keras.callbacks import Callback, EarlyStopping, ModelCheckpoint
from keras.models import Sequential
from keras.layers import Dense


class StopAt(Callback):
    def __init__(self, value):
        super(StopAt, self).__init__()
        self.value = value

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if logs.get('val_acc', 0.) >= self.value:
            print('reached %g in epoch %d' % (self.value, epoch))
            self.model.stop_training = True


def mlp():
    m = Sequential()
    m.add(Dense(1, activation='sigmoid', input_dim=2, kernel_initializer='zeros'))
    m.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])
    return m


rng = np.random.RandomState(10)
x = rng.normal(size=(60, 2))
y = (x.sum(axis=1) > 0) * 1
kw = dict(batch_size=10, epochs=8, verbose=0, shuffle=False, validation_data=(x[:20], y[:20]))

folder = tempfile.mkdtemp()
weights = os.path.join(folder, 'best.h5')
m = mlp()
h = m.fit(x, y, callbacks=[StopAt(.9), ModelCheckpoint(weights, 'val_acc', save_best_only=True, mode='max')], **kw)
print('RESULT stop_at', len(h.epoch), int(os.path.exists(weights)))

m = mlp()
h = m.fit(x, y, callbacks=[EarlyStopping(monitor='val_acc', mode='max', patience=1)], **kw)
print('RESULT early', len(h.epoch), h.history['loss'][-1])
print('RESULT weights', *m.get_weights()[0].ravel())
