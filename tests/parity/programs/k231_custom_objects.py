"""Custom regularizer, constraint, initializer and activation (maxnorm-like experiments on tabular data)"""
import keras
from keras import backend as K
from keras.constraints import Constraint
from keras.initializers import Initializer
from keras.layers import Dense, Input, concatenate, multiply, PReLU
from keras.models import Model
from keras.regularizers import Regularizer, l1_l2, l2
from keras.utils import CustomObjectScope
import numpy as np


class Orthish(Regularizer):
    """penalises |W'W - I|"""

    def __init__(self, rate=0.01):
        self.rate = K.cast_to_floatx(rate)

    def __call__(self, w):
        g = K.dot(K.transpose(w), w)
        return self.rate * K.sum(K.square(g - K.eye(K.int_shape(g)[0])))

    def get_config(self):
        return {'rate': float(self.rate)}


class Between(Constraint):
    def __init__(self, lo=-0.5, hi=0.5):
        self.lo, self.hi = lo, hi

    def __call__(self, w):
        return K.clip(w, self.lo, self.hi)

    def get_config(self):
        return {'lo': self.lo, 'hi': self.hi}


class Ramp(Initializer):
    def __init__(self, scale=1.):
        self.scale = scale

    def __call__(self, shape, dtype=None):
        n = int(np.prod(shape))
        return K.constant(self.scale * np.linspace(-1, 1, n).reshape(shape), dtype=dtype)

    def get_config(self):
        return {'scale': self.scale}


def gelu(x):
    return 0.5 * x * (1 + K.tanh(0.79788456 * (x + 0.044715 * K.pow(x, 3))))


def build():
    a, b = Input(shape=(4,), name='a'), Input(shape=(3,), name='b')
    ha = Dense(5, activation=gelu, kernel_initializer=Ramp(), kernel_regularizer=Orthish(.02), name='ha')(a)
    hb = Dense(5, activation='gelu_', kernel_initializer=Ramp(.7), bias_regularizer=l2(.1), bias_initializer='ones', name='hb')(b)
    x = concatenate([multiply([ha, hb]), ha])
    x = PReLU(alpha_initializer=keras.initializers.Constant(.25), alpha_regularizer='l1')(x)
    x = Dense(1, kernel_initializer=Ramp(.6), kernel_constraint=Between(), kernel_regularizer=l1_l2(l1=1e-3, l2=1e-3), name='out')(x)
    return Model([a, b], x)


rng = np.random.RandomState(0)
A, B = rng.randn(15, 4), rng.randn(15, 3)
T = np.sin(A[:, :1]) + B[:, 1:2] * .3
with CustomObjectScope({'gelu_': gelu, 'Ramp': Ramp, 'Orthish': Orthish, 'Between': Between, 'gelu': gelu}):
    model = build()
    model.compile(loss='logcosh', optimizer=keras.optimizers.SGD(learning_rate=.01, momentum=.8), metrics=['mse'])
    print('RESULT start', *model.evaluate([A, B], T, batch_size=15, verbose=0))
    for step in range(4):
        logs = model.train_on_batch([A, B], T)
        print('RESULT step', step, *logs)
    copy = Model.from_config(model.get_config())
    copy.set_weights(model.get_weights())
    print('RESULT copy', *copy.predict([A, B])[:3].ravel())
w = model.get_layer('out').get_weights()[0]
print('RESULT constraint', w.min(), w.max(), K.get_value(K.sum(K.abs(model.get_layer('ha').kernel))))
