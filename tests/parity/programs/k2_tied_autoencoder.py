"""Autoencoder with tied weights: the decoder layer holds no kernel of its own, it transposes the encoder's."""
import numpy as np
import keras
from keras import activations, initializers, regularizers, constraints
from keras import backend as K
from keras.engine.topology import Layer, InputSpec
from keras.layers import Input, Dense
from keras.models import Model
from keras.constraints import UnitNorm, Constraint


class DenseTied(Layer):
    def __init__(self, units, tied_to=None, activation=None, use_bias=True, bias_initializer='zeros',
                 kernel_regularizer=None, **kwargs):
        self.tied_to = tied_to
        if 'input_shape' not in kwargs and 'input_dim' in kwargs:
            kwargs['input_shape'] = (kwargs.pop('input_dim'),)
        super().__init__(**kwargs)
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        assert len(input_shape) >= 2
        input_dim = input_shape[-1]
        self.kernel = K.transpose(self.tied_to.kernel)
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.units,), initializer=self.bias_initializer, name='bias')
        else:
            self.bias = None
        self.input_spec = InputSpec(min_ndim=2, axes={-1: input_dim})
        self.built = True

    def compute_output_shape(self, input_shape):
        output_shape = list(input_shape)
        output_shape[-1] = self.units
        return tuple(output_shape)

    def call(self, inputs):
        output = K.dot(inputs, self.kernel)
        if self.use_bias:
            output = K.bias_add(output, self.bias, data_format='channels_last')
        if self.activation is not None:
            output = self.activation(output)
        return output


class Orthogonal(Constraint):
    """Regularizer that asks for orthogonal weights."""

    def __init__(self, encoding_dim, factor=1.0, axis=0):
        self.encoding_dim = encoding_dim
        self.factor = factor
        self.axis = axis

    def penalty(self, w):
        if self.axis == 1:
            w = K.transpose(w)
        if self.encoding_dim > 1:
            m = K.dot(K.transpose(w), w) - K.eye(self.encoding_dim)
            return self.factor * K.sqrt(K.sum(K.square(m)))
        m = K.sum(w ** 2) - 1.
        return m

    def __call__(self, w):
        return self.penalty(w)


rng = np.random.RandomState(0)
X = rng.rand(30, 7)
encoder = Dense(3, activation='linear', input_shape=(7,), use_bias=True,
                kernel_regularizer=Orthogonal(3, factor=.1, axis=0), kernel_constraint=UnitNorm(axis=0))
decoder = DenseTied(7, activation='linear', tied_to=encoder, use_bias=True)
inp = Input(shape=(7,))
autoencoder = Model(inp, decoder(encoder(inp)))
encoder.set_weights([rng.normal(0, .4, (7, 3)), rng.normal(0, .1, 3)])
autoencoder.compile(metrics=['mae'], loss='mean_squared_error', optimizer='sgd')
autoencoder.optimizer.lr = K.variable(0.1)
h = autoencoder.fit(X, X, epochs=5, batch_size=10, shuffle=False, verbose=0)
print('RESULT loss', *h.history['loss'])
print('RESULT mae', *h.history['mean_absolute_error'])
w_encoder = np.round(encoder.get_weights()[0], 5)
print('RESULT w', *w_encoder.ravel())
print('RESULT norms', *np.linalg.norm(w_encoder, axis=0))
print('RESULT counts', len(autoencoder.get_weights()), len(decoder.get_weights()), autoencoder.count_params())
print('RESULT pred', *autoencoder.predict(X[:1])[0])
