"""Hierarchical attention on top of a BiGRU, with self-written LayerNormalization; model goes through an .h5 file"""
import os
import tempfile

import numpy as np
from keras import backend as K
from keras import initializers, regularizers, constraints
from keras.engine.topology import Layer
from keras.layers import Input, Embedding, GRU, Bidirectional, Dense, TimeDistributed
from keras.models import Model, load_model
from keras.utils.generic_utils import get_custom_objects


class LayerNormalization(Layer):
    def __init__(self, eps=1e-6, **kwargs):
        self.eps = eps
        super(LayerNormalization, self).__init__(**kwargs)

    def build(self, input_shape):
        self.gamma = self.add_weight(name='gamma', shape=input_shape[-1:], initializer=initializers.Ones(), trainable=True)
        self.beta = self.add_weight(name='beta', shape=input_shape[-1:], initializer=initializers.Zeros(), trainable=True)
        super(LayerNormalization, self).build(input_shape)

    def call(self, x):
        mean = K.mean(x, axis=-1, keepdims=True)
        std = K.std(x, axis=-1, keepdims=True)
        return self.gamma * (x - mean) / (std + self.eps) + self.beta

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return dict(super(LayerNormalization, self).get_config(), eps=self.eps)


class AttentionWithContext(Layer):
    def __init__(self, W_regularizer=None, u_constraint=None, **kwargs):
        self.init = initializers.get('ones')
        self.W_regularizer = regularizers.get(W_regularizer)
        self.u_constraint = constraints.get(u_constraint)
        super(AttentionWithContext, self).__init__(**kwargs)

    def build(self, input_shape):
        d = input_shape[-1]
        self.W = self.add_weight((d, d), initializer=self.init, name='{}_W'.format(self.name),
                                 regularizer=self.W_regularizer)
        self.b = self.add_weight((d,), initializer='zero', name='{}_b'.format(self.name))
        self.u = self.add_weight((d,), initializer=self.init, name='{}_u'.format(self.name),
                                 constraint=self.u_constraint)
        super(AttentionWithContext, self).build(input_shape)

    def call(self, x, mask=None):
        uit = K.tanh(K.dot(x, self.W) + self.b)
        ait = K.squeeze(K.dot(uit, K.expand_dims(self.u)), axis=-1)
        a = K.exp(ait)
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        return K.sum(x * K.expand_dims(a), axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0], input_shape[-1]

    def get_config(self):
        config = {'W_regularizer': regularizers.serialize(self.W_regularizer),
                  'u_constraint': constraints.serialize(self.u_constraint)}
        config.update(super(AttentionWithContext, self).get_config())
        return config


get_custom_objects().update({'LayerNormalization': LayerNormalization, 'AttentionWithContext': AttentionWithContext})

words = Input(shape=(7,), dtype='int32')
h = Embedding(15, 5)(words)
h = Bidirectional(GRU(3, return_sequences=True), merge_mode='concat')(h)
h = LayerNormalization()(TimeDistributed(Dense(6))(h))
h = AttentionWithContext(W_regularizer=regularizers.l2(0.01), u_constraint='unit_norm', name='att')(h)
model = Model(words, Dense(2, activation='softmax')(h))

r = np.random.RandomState(31)
model.set_weights([r.normal(0, .4, w.shape) for w in model.get_weights()])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['acc'])
X, y = r.randint(0, 15, (12, 7)), r.randint(0, 2, (12, 1))
losses = [model.train_on_batch(X, y)[0] for _ in range(4)]
print('RESULT losses', *losses)

path = os.path.join(tempfile.mkdtemp(), 'han.h5')
model.save(path)
again = load_model(path)
print('RESULT same', float(np.abs(again.predict(X) - model.predict(X)).max() < 1e-6))
print('RESULT continue', again.train_on_batch(X, y)[0], again.evaluate(X, y, verbose=0)[1])
print('RESULT u_norm', np.linalg.norm(again.get_layer('att').get_weights()[2]))
