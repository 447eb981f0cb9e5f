"""Learning rate finder and cyclical rates per batch, set through the backend; snapshots averaged in the end."""
import math
import numpy as np
from keras import backend as K
from keras.callbacks import Callback, LambdaCallback, LearningRateScheduler
from keras.layers import Dense, Input
from keras.models import Model, clone_model


class LRFinder:
    def __init__(self, model):
        self.model = model
        self.losses = []
        self.lrs = []

    def on_batch_end(self, batch, logs):
        lr = K.get_value(self.model.optimizer.lr)
        self.lrs.append(lr)
        loss = logs['loss']
        self.losses.append(loss)
        if math.isnan(loss) or loss > 100:
            self.model.stop_training = True
            return
        K.set_value(self.model.optimizer.lr, lr * self.lr_mult)

    def find(self, x_train, y_train, start_lr, end_lr, batch_size=64, epochs=1):
        num_batches = epochs * x_train.shape[0] / batch_size
        self.lr_mult = (end_lr / start_lr) ** (1. / num_batches)
        weights = self.model.get_weights()
        original_lr = K.get_value(self.model.optimizer.lr)
        K.set_value(self.model.optimizer.lr, start_lr)
        callback = LambdaCallback(on_batch_end=lambda batch, logs: self.on_batch_end(batch, logs))
        self.model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs, callbacks=[callback], verbose=0, shuffle=False)
        self.model.set_weights(weights)
        K.set_value(self.model.optimizer.lr, original_lr)


class CyclicLR(Callback):
    def __init__(self, base_lr=0.001, max_lr=0.06, step_size=4., mode='triangular2', gamma=1.):
        super(CyclicLR, self).__init__()
        self.base_lr, self.max_lr, self.step_size, self.mode = base_lr, max_lr, step_size, mode
        self.scale_fn = {'triangular': lambda x: 1., 'triangular2': lambda x: 1 / (2. ** (x - 1))}[mode]
        self.clr_iterations = 0.
        self.trn_iterations = 0.
        self.history = {}

    def clr(self):
        cycle = np.floor(1 + self.clr_iterations / (2 * self.step_size))
        x = np.abs(self.clr_iterations / self.step_size - 2 * cycle + 1)
        return self.base_lr + (self.max_lr - self.base_lr) * np.maximum(0, (1 - x)) * self.scale_fn(cycle)

    def on_train_begin(self, logs={}):
        logs = logs or {}
        K.set_value(self.model.optimizer.lr, self.base_lr if self.clr_iterations == 0 else self.clr())

    def on_batch_end(self, epoch, logs=None):
        logs = logs or {}
        self.trn_iterations += 1
        self.clr_iterations += 1
        self.history.setdefault('lr', []).append(K.get_value(self.model.optimizer.lr))
        self.history.setdefault('iterations', []).append(self.trn_iterations)
        for k, v in logs.items():
            self.history.setdefault(k, []).append(v)
        K.set_value(self.model.optimizer.lr, self.clr())


inp = Input((6,))
out = Dense(3, activation='softmax')(Dense(7, activation='elu')(inp))
model = Model(inp, out)
rng = np.random.RandomState(21)
model.set_weights([rng.normal(0, .5, w.shape) for w in model.get_weights()])
model.compile('sgd', 'sparse_categorical_crossentropy', metrics=['accuracy'])
X = rng.randn(64, 6)
y = np.argmax(X[:, :3], axis=1)

finder = LRFinder(model)
finder.find(X, y, 1e-4, 1.0, 16, 2)
print('RESULT finder_lr', *finder.lrs)
print('RESULT finder_loss', *finder.losses)
clr = CyclicLR()
model.fit(X, y, batch_size=8, epochs=2, callbacks=[clr], verbose=0, shuffle=False)
print('RESULT clr', *clr.history['lr'])
print('RESULT batch_loss', *clr.history['loss'])
print('RESULT batch_acc', *clr.history['acc'])
print('RESULT keys', *sorted(clr.history))

snapshots = []
schedule = LearningRateScheduler(schedule=lambda e: float(0.1 / 2 * (np.cos(np.pi * (e % 2) / 2) + 1)))
keep = LambdaCallback(on_epoch_end=lambda epoch, logs: snapshots.append(model.get_weights()) if epoch % 2 else None)
h = model.fit(X, y, batch_size=16, epochs=4, callbacks=[schedule, keep], verbose=0, shuffle=False)
print('RESULT lr_log', *h.history['lr'])
members = []
for w in snapshots:
    twin = clone_model(model)
    twin.set_weights(w)
    members.append(twin.predict(X[:4]))
print('RESULT ensemble', *np.mean(members, axis=0).ravel())
