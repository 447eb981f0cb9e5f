"""Home-made layers: layer normalization, L2 norm with a learned scale, attention, all in one model."""
import numpy as np
from keras import backend as K
from keras.engine.topology import Layer, InputSpec
from keras.initializers import Ones, Zeros
from keras.layers import *
from keras.models import *


class LayerNormalization(Layer):
    def __init__(self, eps=1e-6, **kwargs):
        self.eps = eps
        super(LayerNormalization, self).__init__(**kwargs)

    def build(self, input_shape):
        self.gamma = self.add_weight(name='gamma', shape=input_shape[-1:], initializer=Ones(), trainable=True)
        self.beta = self.add_weight('beta', input_shape[-1:], initializer=Zeros(), trainable=True)
        super(LayerNormalization, self).build(input_shape)

    def call(self, x):
        mean = K.mean(x, axis=-1, keepdims=True)
        std = K.std(x, axis=-1, keepdims=True)
        return self.gamma * (x - mean) / (std + self.eps) + self.beta

    def compute_output_shape(self, input_shape):
        return input_shape


class L2Normalization(Layer):
    '''scale 20 as in SSD'''
    def __init__(self, gamma_init=20, **kwargs):
        self.axis = -1
        self.gamma_init = gamma_init
        super(L2Normalization, self).__init__(**kwargs)

    def build(self, input_shape):
        self.input_spec = [InputSpec(shape=input_shape)]
        gamma = self.gamma_init * np.ones((input_shape[self.axis],))
        self.gamma = K.variable(gamma, name='{}_gamma'.format(self.name))
        self.trainable_weights = [self.gamma]
        super(L2Normalization, self).build(input_shape)

    def call(self, x, mask=None):
        return K.l2_normalize(x, self.axis) * self.gamma


class Attention(Layer):
    def __init__(self, **kwargs):
        self.supports_masking = True
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.W = self.add_weight('att_W', (input_shape[-1], 1), initializer='ones')
        self.b = self.add_weight('att_b', (input_shape[1], 1), initializer='zeros')
        super().build(input_shape)

    def compute_mask(self, inputs, mask=None):
        return None

    def call(self, x, mask=None):
        e = K.squeeze(K.tanh(K.dot(x, self.W) + self.b), axis=-1)
        a = K.exp(e)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.sum(a, axis=1, keepdims=True)
        return K.sum(x * K.expand_dims(a), axis=1)

    def compute_output_shape(self, s):
        return (s[0], s[-1])


r = np.random.RandomState(77)
words = r.randint(1, 9, size=(16, 5))
words[::3, 3:] = 0
inp = Input((5,))
e = Embedding(9, 4, mask_zero=True, weights=[r.normal(size=(9, 4))])(inp)
a = Attention(name='attention')(e)
n = LayerNormalization()(a)
s = L2Normalization(gamma_init=2., name='l2')(n)
out = Dense(1, weights=[np.array([[1.], [2.], [-1.], [.5]]), np.zeros(1)])(s)
model = Model(inp, out)
model.compile('adam', loss='mse', metrics=['mae'])
target = (words == 3).sum(axis=1)
print('RESULT before', *model.predict(words)[:4, 0])
h = model.fit(words, target, epochs=4, batch_size=8, verbose=0, shuffle=False)
print('RESULT loss', *h.history['loss'])
print('RESULT mae', *h.history['mean_absolute_error'])
print('RESULT gamma', *model.get_layer('l2').get_weights()[0])
print('RESULT att', *model.get_layer('attention').get_weights()[0].ravel())
print('RESULT weights', len(model.trainable_weights), model.count_params())
