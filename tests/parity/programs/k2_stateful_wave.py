# stateful LSTM following a wave; one long sequence cut into windows
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM, GRU, SimpleRNN, ConvLSTM2D, Flatten
from keras.initializers import Constant

tsteps, batch_size, epochs = 2, 4, 3


def wave(n):
    t = np.arange(n)
    return (np.cos(2 * np.pi * t / 9.) * np.exp(-.01 * t))[:, None]


def init(layer, seed):
    r = np.random.RandomState(seed)
    layer.set_weights([r.uniform(-.6, .6, w.shape) for w in layer.get_weights()])


data = wave(50)
x = np.array([data[i:i + tsteps] for i in range(40)])
y = data[tsteps:tsteps + 40]

cells = [('lstm', LSTM, dict(implementation=1)), ('gru', GRU, {}), ('rnn', SimpleRNN, dict(activation='relu'))]
for name, cell, kw in cells:
    model = Sequential()
    model.add(cell(5, batch_input_shape=(batch_size, tsteps, 1), return_sequences=False, stateful=True, recurrent_dropout=0., **kw))
    model.add(Dense(1))
    init(model, 5)
    model.compile(loss='mse', optimizer='rmsprop')
    losses = []
    for i in range(epochs):
        h = model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0, shuffle=False)
        losses += h.history['loss']
        model.reset_states()
    print('RESULT %s' % name, *losses)
    p1 = model.predict(x, batch_size=batch_size)
    p2 = model.predict(x, batch_size=batch_size)
    model.reset_states()
    p3 = model.predict(x, batch_size=batch_size)
    print('RESULT %s_pred' % name, p1[-1, 0], p2[0, 0], np.abs(p1 - p3).max() < 1e-6)

# frames
m = Sequential()
m.add(ConvLSTM2D(filters=2, kernel_size=(3, 3), input_shape=(3, 4, 4, 1), padding='same', return_sequences=False))
m.add(Flatten())
m.add(Dense(1, kernel_initializer=Constant(.2)))
init(m.layers[0], 2)
m.compile('sgd', 'mse')
frames = np.sin(np.arange(6 * 48.)).reshape(6, 3, 4, 4, 1)
print('RESULT frames', *m.fit(frames, np.arange(6) / 6., epochs=2, batch_size=3, shuffle=False, verbose=0).history['loss'])
