# -*- coding: utf-8 -*-
from keras import backend as K
from keras import initializations, regularizers, activations
from keras.engine.topology import Layer, InputSpec
import numpy as np


class AttentionPool(Layer):
    """(n, time, dim) -> (n, dim); weights by a learned vector"""

    def __init__(self, init='one', W_regularizer=None, bias=True, **kwargs):
        self.init = initializations.get(init)
        self.W_regularizer = regularizers.get(W_regularizer)
        self.bias = bias
        super(AttentionPool, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.input_spec = [InputSpec(ndim=3)]
        self.W = self.add_weight((input_shape[-1],), initializer=self.init, name='{}_W'.format(self.name),
                                 regularizer=self.W_regularizer)
        if self.bias:
            self.b = self.add_weight((input_shape[1],), initializer='zero', name='{}_b'.format(self.name))
        self.built = True

    def call(self, x, mask=None):
        e = K.sum(x * self.W, axis=-1)
        if self.bias:
            e += self.b
        a = K.exp(K.tanh(e))
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        return K.sum(x * K.expand_dims(a), axis=1)

    def get_output_shape_for(self, input_shape):
        return input_shape[0], input_shape[-1]


class ScaledDense(Layer):
    def __init__(self, output_dim, activation='linear', **kwargs):
        self.output_dim = output_dim
        self.activation = activations.get(activation)
        super(ScaledDense, self).__init__(**kwargs)

    def build(self, input_shape):
        r = np.random.RandomState(5)
        self.W = K.variable(r.uniform(-1, 1, (input_shape[1], self.output_dim)))
        self.gain = K.variable(0.5 * np.ones((self.output_dim,)), name='gain')
        self.trainable_weights = [self.W, self.gain]
        super(ScaledDense, self).build(input_shape)

    def call(self, x, mask=None):
        return self.activation(K.dot(x, self.W) * self.gain)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], self.output_dim)

    def get_config(self):
        config = {'output_dim': self.output_dim, 'activation': self.activation.__name__}
        base_config = super(ScaledDense, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))
