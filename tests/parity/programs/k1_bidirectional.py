"""Sequence tagging: Bidirectional + TimeDistributed, then a stateful counter."""
import numpy as np
import keras.backend as K
from keras.layers import LSTM, Dense, TimeDistributed, Bidirectional, Masking, GRU, Activation
from keras.models import Sequential

STEPS, DIM = 5, 3


def ramp(shape, name=None):
    return K.variable(np.tile(np.linspace(-.4, .4, shape[0]).reshape((-1, 1)), (1, shape[1])), name=name)


def flat(shape, name=None):
    value = np.zeros(shape)
    value.fill(.05)
    return K.variable(value, name=name)


cell = dict(init='one', inner_init='identity', inner_activation='sigmoid', return_sequences=True)
r = np.random.RandomState(6)
X = r.uniform(-.5, .4, (8, STEPS, DIM))
X[2:5, 3:] = 0       # padding
Y = (X.sum(axis=2, keepdims=True) > 0).astype('int32')

for merge_mode in ('concat', 'mul'):
    model = Sequential()
    model.add(Masking(mask_value=0., input_shape=(STEPS, DIM)))
    model.add(Bidirectional(LSTM(4, **cell), merge_mode=merge_mode))
    model.add(TimeDistributed(Dense(1, init='one')))
    model.add(Activation('sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='rmsprop', sample_weight_mode='temporal')
    sw = np.ones((8, STEPS))
    sw[:, 0] = 2.
    history = model.fit(X, Y, nb_epoch=3, batch_size=4, shuffle=False, verbose=0, sample_weight=sw)
    print('RESULT %s' % merge_mode, *history.history['loss'])
    print('RESULT %s_out' % merge_mode, *model.predict(X)[0, :, 0], model.layers[1].output_shape[2])

# stateful
model = Sequential()
model.add(GRU(3, batch_input_shape=(2, 1, DIM), init=ramp, inner_init=flat, stateful=True, inner_activation='sigmoid'))
model.add(Dense(1, init='one'))
model.compile('sgd', 'mse')
for round_ in range(2):
    outs = [float(model.predict(X[:2, t:t + 1], batch_size=2)[1, 0]) for t in range(STEPS)]
    print('RESULT stateful%d' % round_, *outs)
    if round_ == 0:
        model.reset_states()
for epoch in range(2):
    losses = []
    for t in range(STEPS):
        losses.append(float(model.train_on_batch(X[:2, t:t + 1], Y[:2, t])))
    model.reset_states()
    print('RESULT stateful_epoch%d' % epoch, np.mean(losses))
