"""Recurrent cells by the author: a minimal cell, stacked with a GRUCell, one with constants, one with a norm inside."""
import numpy as np
import keras
from keras import backend as K
from keras.layers import RNN, GRUCell, LSTMCell, StackedRNNCells, Dense, Input, TimeDistributed
from keras.models import Model


class MinimalRNNCell(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        self.units = units
        self.state_size = units
        super(MinimalRNNCell, self).__init__(**kwargs)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer='uniform', name='kernel')
        self.recurrent_kernel = self.add_weight(shape=(self.units, self.units), initializer='uniform', name='recurrent_kernel')
        self.built = True

    def call(self, inputs, states):
        prev_output = states[0]
        h = K.dot(inputs, self.kernel)
        output = h + K.dot(prev_output, self.recurrent_kernel)
        return output, [output]


class ConstantsCell(MinimalRNNCell):
    """Adds a projection of a context that stays the same over time."""

    def build(self, input_shape):
        if not isinstance(input_shape, list):
            raise TypeError('expects constants shape')
        [input_shape, constant_shape] = input_shape
        self.input_kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer='uniform', name='kernel')
        self.recurrent_kernel = self.add_weight(shape=(self.units, self.units), initializer='uniform', name='recurrent_kernel')
        self.constant_kernel = self.add_weight(shape=(constant_shape[-1], self.units), initializer='uniform', name='constant_kernel')
        self.built = True

    def call(self, inputs, states, constants):
        [prev_output] = states
        [constant] = constants
        output = K.tanh(K.dot(inputs, self.input_kernel) + K.dot(prev_output, self.recurrent_kernel) + K.dot(constant, self.constant_kernel))
        return output, [output]

    def get_config(self):
        base_config = super(ConstantsCell, self).get_config()
        base_config.update({'units': self.units})
        return base_config


class NormCell(keras.layers.SimpleRNNCell):
    def call(self, inputs, states, training=None):
        out, new = super(NormCell, self).call(inputs, states, training=training)
        out = out - K.mean(out, axis=-1, keepdims=True)
        return out, [out]


rng = np.random.RandomState(19)
X, C = rng.randn(12, 5, 3), rng.randn(12, 2)
Y = X.sum(1)[:, :1] * C[:, :1]


def report(name, model, data):
    model.set_weights([rng.uniform(-.5, .5, w.shape) for w in model.get_weights()])
    model.compile(optimizer='adam', loss='mse')
    h = model.fit(data, Y, epochs=3, batch_size=4, verbose=0, shuffle=False)
    print('RESULT', name, *h.history['loss'])
    print('RESULT', name + '_pred', *model.predict(data)[:3].ravel())


x, c = Input((None, 3)), Input((2,))
report('minimal', Model(x, Dense(1)(RNN(MinimalRNNCell(4))(x))), X)
cells = [MinimalRNNCell(4), GRUCell(3), LSTMCell(2, recurrent_activation='sigmoid')]
report('stack', Model(x, Dense(1)(RNN(cells)(x))), X)
y = RNN(ConstantsCell(4), return_sequences=True)(x, constants=c)
y = RNN(NormCell(3, activation='relu'), go_backwards=True)(y)
model = Model([x, c], Dense(1)(y))
report('constants', model, [X, C])
twin = Model.from_config(model.get_config(), {'ConstantsCell': ConstantsCell, 'NormCell': NormCell})
twin.set_weights(model.get_weights())
print('RESULT twin', *twin.predict([X, C])[:3].ravel())
seq, state = RNN(StackedRNNCells([GRUCell(3, reset_after=False)]), return_sequences=True, return_state=True)(x)
report('state', Model(x, Dense(1)(state)), X)
b = RNN(MinimalRNNCell(2), return_sequences=True)(x)
report('sequence', Model(x, keras.layers.GlobalAveragePooling1D()(TimeDistributed(Dense(1))(b))), X)
