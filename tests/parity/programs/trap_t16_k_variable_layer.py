"""Layer with a learned mixing coefficient, held as a plain backend variable"""
import numpy as np
from keras import backend as K
from keras.layers import Layer, Input, Dense
from keras.models import Model


class Mix(Layer):
    """out = alpha * a + (1 - alpha) * b"""

    def __init__(self, start=0.5, **kwargs):
        super(Mix, self).__init__(**kwargs)
        self.start = start

    def build(self, input_shape):
        self.alpha = K.variable(self.start, name='alpha')
        self._trainable_weights = [self.alpha]
        super(Mix, self).build(input_shape)

    def call(self, inputs):
        a, b = inputs
        return self.alpha * a + (1. - self.alpha) * b

    def compute_output_shape(self, input_shape):
        return input_shape[0]


a, b = Input(shape=(3,)), Input(shape=(3,))
mix = Mix(0.2, name='mix')
out = Dense(1, kernel_initializer='ones', name='sum', trainable=False)(mix([a, b]))
model = Model([a, b], out)
model.compile('sgd', 'mse')
rng = np.random.RandomState(33)
A, B = rng.normal(size=(10, 3)), rng.normal(size=(10, 3))
T = (.8 * A + .2 * B).sum(axis=1, keepdims=True)
print('RESULT trainable', len(model.trainable_weights), len(model.weights))
for i in range(4):
    loss = model.train_on_batch([A, B], T)
    print('RESULT alpha', i, float(loss), float(K.get_value(mix.alpha)))
