"""Load forecast: TimeseriesGenerator windows, multivariate LSTM, scaler by hand, stateful walk-forward evaluation."""
import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense, Dropout, GRU, RepeatVector, TimeDistributed, Bidirectional, Conv1D, MaxPooling1D, Flatten, ConvLSTM2D
from keras.preprocessing.sequence import TimeseriesGenerator
from keras.callbacks import EarlyStopping, ReduceLROnPlateau
from keras.regularizers import L1L2
from keras.optimizers import Adadelta, RMSprop


class Scaler:
    def fit(self, x):
        self.lo, self.hi = x.min(0), x.max(0)
        return self

    def transform(self, x):
        return (x - self.lo) / (self.hi - self.lo)

    def inverse_transform(self, x):
        return x * (self.hi - self.lo) + self.lo


t = np.arange(60)
series = np.stack([np.sin(t / 3.) * 10 + t * .1, np.cos(t / 5.)], axis=1)
scaler = Scaler().fit(series[:40])
scaled = scaler.transform(series)
look_back, batch = 6, 4


def set_all(model, seed):
    r = np.random.RandomState(seed)
    model.set_weights([r.uniform(-.4, .4, w.shape) for w in model.get_weights()])
    return model


train = TimeseriesGenerator(scaled[:40], scaled[:40, 0], length=look_back, batch_size=batch)
test = TimeseriesGenerator(scaled[40:], scaled[40:, 0], length=look_back, batch_size=batch)
model = Sequential()
model.add(LSTM(5, input_shape=(look_back, 2), return_sequences=True, bias_regularizer=L1L2(l1=0.01, l2=0.01)))
model.add(Dropout(0.0))
model.add(LSTM(3, activation='relu', recurrent_regularizer='l2', implementation=1))
model.add(Dense(1))
set_all(model, 1)
model.compile(loss='mae', optimizer=Adadelta(lr=0.8, rho=.9))
h = model.fit_generator(train, epochs=3, validation_data=test, verbose=0, shuffle=False,
                        callbacks=[EarlyStopping(patience=3), ReduceLROnPlateau(factor=.5, patience=1, min_delta=1e-2)])
print('RESULT loss', *h.history['loss'])
print('RESULT val_loss', *h.history['val_loss'])
print('RESULT lr', *h.history['lr'])
pred = model.predict_generator(test)
full = np.concatenate([pred, scaled[40 + look_back:, 1:]], axis=1)
print('RESULT forecast', *scaler.inverse_transform(full)[:4, 0])
print('RESULT eval', model.evaluate_generator(test, verbose=0))

# stateful, a sample at a time
model = Sequential([GRU(4, batch_input_shape=(1, 1, 2), stateful=True, recurrent_dropout=0.0), Dense(1, activation='linear')])
set_all(model, 2).compile('rmsprop', 'mean_squared_error')
for epoch in range(2):
    total = 0.
    for i in range(20):
        total += model.train_on_batch(scaled[i].reshape(1, 1, 2), scaled[i + 1, :1].reshape(1, 1))
    model.reset_states()
    print('RESULT stateful%d' % epoch, total / 20)
walk = [float(model.predict(scaled[i].reshape(1, 1, 2), batch_size=1)[0, 0]) for i in range(40, 46)]
print('RESULT walk', *walk)

# encoder-decoder and CNN front
enc = Sequential()
enc.add(Conv1D(4, 2, activation='relu', padding='causal', dilation_rate=2, input_shape=(8, 2)))
enc.add(MaxPooling1D(2))
enc.add(Bidirectional(LSTM(3, return_sequences=True), merge_mode='concat', weights=None))
enc.add(Flatten())
enc.add(RepeatVector(3))
enc.add(LSTM(4, return_sequences=True, go_backwards=True))
enc.add(TimeDistributed(Dense(1)))
set_all(enc, 3).compile(loss='logcosh', optimizer=RMSprop(lr=0.005, rho=.8), metrics=['mape'])
X = np.stack([scaled[i:i + 8] for i in range(30)])
Y = np.stack([scaled[i + 8:i + 11, :1] for i in range(30)])
h = enc.fit(X, Y, epochs=3, batch_size=10, verbose=0, shuffle=False, initial_epoch=1)
print('RESULT enc', *h.history['loss'], *h.history['mean_absolute_percentage_error'] if 'mean_absolute_percentage_error' in h.history else h.history['mape'])
print('RESULT enc_pred', *enc.predict(X[:1]).ravel())
