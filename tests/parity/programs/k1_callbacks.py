'''Training utilities of a small project: history logger, checkpoints, schedules, configs.'''
import os
import tempfile
import numpy as np
from keras.callbacks import Callback, EarlyStopping, ModelCheckpoint, LearningRateScheduler, ReduceLROnPlateau, LambdaCallback
from keras.models import Sequential, load_model
from keras.layers.core import Dense, Activation
from keras.layers.advanced_activations import LeakyReLU, PReLU, ELU
from keras.layers.normalization import BatchNormalization
import keras.backend as K


class LossHistory(Callback):
    def on_train_begin(self, logs={}):
        self.losses, self.accs, self.val_accs, self.rates = [], [], [], []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get('loss'))
        self.accs.append(logs.get('acc'))

    def on_epoch_end(self, epoch, logs={}):
        self.val_accs.append(logs['val_acc'])
        self.rates.append(float(K.get_value(self.model.optimizer.lr)))


def step_decay(epoch):
    return 0.2 * (0.5 ** epoch)


rs = np.random.RandomState(31)
X = rs.normal(size=(40, 5))
Y = np.zeros((40, 2))
Y[np.arange(40), (X[:, 0] * X[:, 1] > 0).astype(int)] = 1

model = Sequential()
model.add(Dense(6, input_dim=5))
model.add(BatchNormalization())
model.add(LeakyReLU(alpha=0.1))
model.add(Dense(6))
model.add(PReLU())
model.add(Dense(4))
model.add(ELU(0.5))
model.add(Dense(2))
model.add(Activation('softmax'))
model.set_weights([rs.uniform(.2, .9, w.shape) if w.ndim == 1 else rs.normal(0, .6, w.shape) for w in model.get_weights()])
model.compile('sgd', 'categorical_crossentropy', metrics=['accuracy'])

folder = tempfile.mkdtemp()
best = os.path.join(folder, 'weights.{epoch:02d}-{val_acc:.2f}.hdf5')
logger = LossHistory()
ended = []
callbacks = [logger, LearningRateScheduler(step_decay),
             ModelCheckpoint(best, monitor='val_acc', verbose=0, save_best_only=True, mode='max'),
             LambdaCallback(on_epoch_end=lambda epoch, logs: ended.append(logs['acc']))]
fit = model.fit(X[:30], Y[:30], batch_size=10, nb_epoch=4, verbose=0, shuffle=False, callbacks=callbacks,
                validation_data=(X[30:], Y[30:]))
print('RESULT losses', *logger.losses[::4])
print('RESULT batch_acc', *logger.accs[:3])
print('RESULT val_accs', *logger.val_accs)
print('RESULT rates', *logger.rates)
print('RESULT ended', *ended)
files = sorted(os.listdir(folder))
print('RESULT files', len(files), *files)
print('RESULT reloaded', *load_model(os.path.join(folder, files[-1])).evaluate(X[30:], Y[30:], verbose=0))

model.optimizer.lr.set_value(0.01) if hasattr(model.optimizer.lr, 'set_value') else K.set_value(model.optimizer.lr, 0.01)
stop = EarlyStopping(monitor='val_loss', patience=1, min_delta=10.)
plateau = ReduceLROnPlateau(monitor='loss', factor=0.1, patience=0, epsilon=1., min_lr=1e-5)
fit = model.fit(X[:30], Y[:30], 10, nb_epoch=6, verbose=0, shuffle=False, callbacks=[stop, plateau],
                validation_data=(X[30:], Y[30:]))
print('RESULT stopped', len(fit.epoch), *fit.history['val_loss'])
print('RESULT lr', K.get_value(model.optimizer.lr))
config = model.get_config()
clone = Sequential.from_config(config)
clone.set_weights(model.get_weights())
print('RESULT clone', len(config), *clone.predict(X[:2]).ravel())
