"""Multi-head self-attention in plain backend functions, sinusoid positions, layer norm, for a small classifier."""
from __future__ import print_function
from keras import backend as K
from keras.engine.topology import Layer
from keras.models import Model
from keras.layers import *
import numpy as np


class Position_Embedding(Layer):

    def __init__(self, size=None, mode='sum', **kwargs):
        self.size = size
        self.mode = mode
        super(Position_Embedding, self).__init__(**kwargs)

    def call(self, x):
        if (self.size == None) or (self.mode == 'sum'):
            self.size = int(x.shape[-1])
        batch_size, seq_len = K.shape(x)[0], K.shape(x)[1]
        position_j = 1. / K.pow(10000., 2 * K.arange(self.size / 2, dtype='float32') / self.size)
        position_j = K.expand_dims(position_j, 0)
        position_i = K.cumsum(K.ones_like(x[:, :, 0]), 1) - 1
        position_i = K.expand_dims(position_i, 2)
        position_ij = K.dot(position_i, position_j)
        position_ij = K.concatenate([K.cos(position_ij), K.sin(position_ij)], 2)
        if self.mode == 'sum':
            return position_ij + x
        return K.concatenate([position_ij, x], 2)

    def compute_output_shape(self, input_shape):
        if self.mode == 'sum':
            return input_shape
        return (input_shape[0], input_shape[1], input_shape[2] + self.size)


class Attention(Layer):

    def __init__(self, nb_head, size_per_head, **kwargs):
        self.nb_head = nb_head
        self.size_per_head = size_per_head
        self.output_dim = nb_head * size_per_head
        super(Attention, self).__init__(**kwargs)

    def build(self, input_shape):
        for i, n in enumerate(['WQ', 'WK', 'WV']):
            setattr(self, n, self.add_weight(name=n, shape=(input_shape[i][-1], self.output_dim),
                                             initializer='glorot_uniform', trainable=True))
        super(Attention, self).build(input_shape)

    def Mask(self, inputs, seq_len, mode='mul'):
        if seq_len == None:
            return inputs
        mask = K.one_hot(seq_len[:, 0], K.shape(inputs)[1])
        mask = 1 - K.cumsum(mask, 1)
        for _ in range(len(inputs.shape) - 2):
            mask = K.expand_dims(mask, 2)
        if mode == 'mul':
            return inputs * mask
        if mode == 'add':
            return inputs - (1 - mask) * 1e12

    def split(self, x, W):
        s = K.dot(x, W)
        s = K.reshape(s, (-1, K.shape(s)[1], self.nb_head, self.size_per_head))
        return K.permute_dimensions(s, (0, 2, 1, 3))

    def call(self, x):
        V_len = None
        if len(x) == 3:
            Q_seq, K_seq, V_seq = x
        else:
            Q_seq, K_seq, V_seq, V_len = x
        Q_seq, K_seq, V_seq = self.split(Q_seq, self.WQ), self.split(K_seq, self.WK), self.split(V_seq, self.WV)
        A = K.batch_dot(Q_seq, K_seq, axes=[3, 3]) / self.size_per_head ** 0.5
        A = K.permute_dimensions(A, (0, 3, 2, 1))
        A = self.Mask(A, V_len, 'add')
        A = K.permute_dimensions(A, (0, 3, 2, 1))
        A = K.softmax(A)
        O_seq = K.batch_dot(A, V_seq, axes=[3, 2])
        O_seq = K.permute_dimensions(O_seq, (0, 2, 1, 3))
        return K.reshape(O_seq, (-1, K.shape(O_seq)[1], self.output_dim))

    def compute_output_shape(self, input_shape):
        return (input_shape[0][0], input_shape[0][1], self.output_dim)


S_inputs = Input(shape=(None,), dtype='int32')
L_inputs = Input(shape=(1,), dtype='int32')
embeddings = Embedding(20, 8)(S_inputs)
embeddings = Position_Embedding()(embeddings)
O_seq = Attention(2, 4)([embeddings, embeddings, embeddings, L_inputs])
O_seq = Lambda(lambda x: (x - K.mean(x, -1, keepdims=True)) / (K.std(x, axis=-1, keepdims=True) + 1e-3))(O_seq)
O_seq = GlobalAveragePooling1D()(O_seq)
O_seq = Dropout(0.5)(O_seq)
outputs = Dense(1, activation='sigmoid')(O_seq)

model = Model(inputs=[S_inputs, L_inputs], outputs=outputs)
print('RESULT params', model.count_params(), *[w.shape[0] for w in model.get_weights()])
rng = np.random.RandomState(31)
model.set_weights([rng.normal(0, .4, w.shape) for w in model.get_weights()])
X, L = rng.randint(0, 20, (10, 6)), rng.randint(2, 7, (10, 1))
print('RESULT before', *model.predict([X, L]).ravel())
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['accuracy'])
print('RESULT evaluate', *model.evaluate([X, L], L % 2, batch_size=5, verbose=0))
