"""Callbacks of tf.keras 1.x: schedulers, checkpoints by val_acc, CSV logs, plateaus, lambdas, weights per class."""
import csv
import glob
import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.keras.callbacks import (Callback, CSVLogger, EarlyStopping, LambdaCallback, LearningRateScheduler,
                                        ModelCheckpoint, ReduceLROnPlateau, TensorBoard, TerminateOnNaN)
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Activation, BatchNormalization, Dense, LeakyReLU

rng = np.random.RandomState(27)
folder = tempfile.mkdtemp()
x, y = rng.randn(30, 5), rng.randint(0, 3, 30)
onehot = tf.keras.utils.to_categorical(y)
model = Sequential()
model.add(Dense(6, input_dim=5, kernel_regularizer=tf.keras.regularizers.l1_l2(1e-3, 1e-3)))
model.add(BatchNormalization())
model.add(LeakyReLU(alpha=0.1))
model.add(Dense(3))
model.add(Activation('softmax'))
model.set_weights([np.abs(rng.randn(*w.shape)) * 0.4 for w in model.get_weights()])
sgd = tf.keras.optimizers.SGD(lr=0.1, momentum=0.9, nesterov=True)
model.compile(loss='categorical_crossentropy', optimizer=sgd, metrics=['accuracy', tf.keras.metrics.top_k_categorical_accuracy])


class Collect(Callback):
    def on_train_begin(self, logs=None):
        self.losses, self.seen = [], []

    def on_batch_end(self, batch, logs=None):
        self.losses.append(logs.get('loss'))
        self.seen.append(logs.get('size'))

    def on_epoch_end(self, epoch, logs=None):
        self.last = sorted(logs)


def step_decay(epoch, lr):
    return lr * 0.5 if epoch and epoch % 2 == 0 else lr


collect = Collect()
rates = []
callbacks = [collect, LearningRateScheduler(step_decay),
             ModelCheckpoint(os.path.join(folder, 'w.{epoch:02d}-{val_acc:.2f}.hdf5'), monitor='val_acc', save_best_only=True,
                             save_weights_only=True, mode='max', period=1),
             CSVLogger(os.path.join(folder, 'log.csv')),
             LambdaCallback(on_epoch_end=lambda epoch, logs: rates.append(tf.keras.backend.get_value(model.optimizer.lr))),
             TerminateOnNaN(), TensorBoard(log_dir=os.path.join(folder, 'tb'), histogram_freq=0, write_graph=False)]
history = model.fit(x, onehot, batch_size=10, epochs=5, verbose=0, shuffle=False, validation_data=(x[:12], onehot[:12]),
                    callbacks=callbacks, class_weight={0: 1.0, 1: 2.0, 2: 0.5}, initial_epoch=0)
print('RESULT history', *sorted(history.history), *history.epoch)
for key in ('loss', 'acc', 'val_loss', 'val_acc'):
    print('RESULT', key, *history.history[key])
print('RESULT losses', *collect.losses)
print('RESULT seen', *collect.seen, *collect.last)
print('RESULT rates', *rates)
print('RESULT files', *sorted(os.path.basename(f)[:4] for f in glob.glob(folder + '/*.hdf5')))
with open(os.path.join(folder, 'log.csv')) as f:
    rows = list(csv.reader(f))
print('RESULT csv', *rows[0], len(rows))
plateau = ReduceLROnPlateau(monitor='val_loss', factor=0.2, patience=1, min_lr=1e-4, min_delta=10.)
stop = EarlyStopping(monitor='val_acc', patience=2, mode='max', restore_best_weights=True)
more = model.fit(x, onehot, batch_size=15, epochs=4, verbose=0, shuffle=False, validation_split=0.4, callbacks=[plateau, stop],
                 sample_weight=np.linspace(.5, 1.5, 30))
print('RESULT lr', *more.history['lr'])
print('RESULT more', *more.history['val_loss'])
print('RESULT stopped', stop.stopped_epoch, stop.best)
print('RESULT evaluate', *model.evaluate(x, onehot, verbose=0, sample_weight=np.ones(30)))
print('RESULT classes', *model.predict_classes(x[:6]), *model.predict_proba(x[:1]).ravel())


def generator(size):
    at = 0
    while True:
        yield x[at:at + size], onehot[at:at + size]
        at = (at + size) % 30


gen = model.fit_generator(generator(10), steps_per_epoch=3, epochs=2, verbose=0, validation_data=(x, onehot), workers=1,
                          use_multiprocessing=False, shuffle=False)
print('RESULT generator', *gen.history['loss'], *gen.history['val_acc'])
print('RESULT evaluate_generator', *model.evaluate_generator(generator(10), steps=3))
print('RESULT predict_generator', *model.predict_generator(generator(10), steps=1).sum(axis=0))
