'''Variational autoencoder with the loss computed by a custom layer that calls add_loss.'''
import numpy as np
from keras.layers import Input, Dense, Lambda, Layer
from keras.models import Model
from keras import backend as K
from keras import metrics

batch_size = 8
original_dim = 12
latent_dim = 2
intermediate_dim = 6
epochs = 3
epsilon_std = 0.0

x = Input(shape=(original_dim,))
h = Dense(intermediate_dim, activation='relu')(x)
z_mean = Dense(latent_dim)(h)
z_log_var = Dense(latent_dim)(h)


def sampling(args):
    z_mean, z_log_var = args
    epsilon = K.random_normal(shape=(K.shape(z_mean)[0], latent_dim), mean=0., stddev=epsilon_std)
    return z_mean + K.exp(z_log_var / 2) * epsilon


z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var])

decoder_h = Dense(intermediate_dim, activation='relu')
decoder_mean = Dense(original_dim, activation='sigmoid')
h_decoded = decoder_h(z)
x_decoded_mean = decoder_mean(h_decoded)


class ElboLayer(Layer):
    def __init__(self, **kwargs):
        self.is_placeholder = True
        super(ElboLayer, self).__init__(**kwargs)

    def elbo(self, x, x_decoded_mean):
        rec = original_dim * metrics.binary_crossentropy(x, x_decoded_mean)
        kl = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
        return K.mean(rec + kl)

    def call(self, inputs):
        x = inputs[0]
        x_decoded_mean = inputs[1]
        loss = self.elbo(x, x_decoded_mean)
        self.add_loss(loss, inputs=inputs)
        return x


y = ElboLayer()([x, x_decoded_mean])
vae = Model(x, y)
rng = np.random.RandomState(42)
vae.set_weights([rng.randn(*w.shape) * 0.3 for w in vae.get_weights()])
vae.compile(optimizer='rmsprop', loss=None)

x_train = rng.uniform(0.1, 0.9, (40, original_dim))
x_test = rng.uniform(0.1, 0.9, (16, original_dim))

hist = vae.fit(x_train, shuffle=False, epochs=epochs, batch_size=batch_size, verbose=0,
               validation_data=(x_test, None))
print('RESULT loss', *hist.history['loss'])
print('RESULT val_loss', *hist.history['val_loss'])

# encoder alone
encoder = Model(x, z_mean)
x_test_encoded = encoder.predict(x_test, batch_size=batch_size)
print('RESULT encoded', *x_test_encoded[:3].flatten())

# decoder alone, on the same layers
decoder_input = Input(shape=(latent_dim,))
_h_decoded = decoder_h(decoder_input)
_x_decoded_mean = decoder_mean(_h_decoded)
generator = Model(decoder_input, _x_decoded_mean)
z_sample = np.array([[0.5, -1.2]])
print('RESULT decoded', *generator.predict(z_sample)[0])
