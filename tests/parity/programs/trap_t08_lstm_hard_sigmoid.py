# tagger: BiLSTM with the defaults of its time + a gate with hard_sigmoid
import numpy as np
from keras.layers import Input, LSTM, Bidirectional, Dense, Activation, Multiply, ConvLSTM2D, Reshape
from keras.models import Model

SEQ, DIM = 6, 3


def tagger(units=4, tags=3):
    x = Input(shape=(SEQ, DIM))
    h = Bidirectional(LSTM(units, return_sequences=True))(x)
    gate = Activation('hard_sigmoid')(Dense(2 * units)(h))
    h = Multiply()([h, gate])
    return Model(x, Dense(tags, activation='softmax')(h))


def video():
    x = Input((3, 4, 4, 1))
    return Model(x, ConvLSTM2D(2, (3, 3))(x))


for name, model, shape in [('tagger', tagger(), (2, SEQ, DIM)), ('video', video(), (2, 3, 4, 4, 1))]:
    rng = np.random.RandomState(len(name))
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    data = rng.normal(size=shape)
    out = model.predict(data)
    print('RESULT ' + name, *out.reshape(2, -1)[:, :6].ravel())
    model.compile('sgd', 'mse')
    print('RESULT ' + name + '_loss', *[model.train_on_batch(data, np.zeros_like(out)) for _ in range(3)])
