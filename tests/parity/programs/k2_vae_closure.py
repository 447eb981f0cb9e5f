'''Variational autoencoder, the loss as a closure over z_mean and z_log_var.'''
from __future__ import absolute_import, division, print_function
import numpy as np
from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras import backend as K
from keras import metrics

batch_size = 10
original_dim = 12
latent_dim = 2
intermediate_dim = 8
epochs = 3
epsilon_std = 0.0   # 1.0 for the real thing



def fixed(shape, dtype=None):
    n = int(np.prod(shape))
    return K.constant(np.sin(1.7 * np.arange(n)).reshape(shape) * .5, dtype=dtype)


x = Input(shape=(original_dim,))
h = Dense(intermediate_dim, activation='relu', kernel_initializer=fixed)(x)
z_mean = Dense(latent_dim, kernel_initializer=fixed)(h)
z_log_var = Dense(latent_dim, kernel_initializer=fixed)(h)


def sampling(args):
    z_mean, z_log_var = args
    epsilon = K.random_normal(shape=(K.shape(z_mean)[0], latent_dim), mean=0., stddev=epsilon_std)
    return z_mean + K.exp(z_log_var / 2) * epsilon


# note that "output_shape" isn't necessary with the TensorFlow backend
z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var])

# we instantiate these layers separately so as to reuse them later
decoder_h = Dense(intermediate_dim, activation='relu', kernel_initializer=fixed)
decoder_mean = Dense(original_dim, activation='sigmoid', kernel_initializer=fixed)
h_decoded = decoder_h(z)
x_decoded_mean = decoder_mean(h_decoded)


def vae_loss(x, x_decoded_mean):
    xent_loss = original_dim * metrics.binary_crossentropy(x, x_decoded_mean)
    kl_loss = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
    return xent_loss + kl_loss


vae = Model(x, x_decoded_mean)
vae.compile(optimizer='rmsprop', loss=vae_loss)

rng = np.random.RandomState(8)
x_train = rng.uniform(size=(40, original_dim)).astype('float32')
x_test = rng.uniform(size=(20, original_dim)).astype('float32')
hist = vae.fit(x_train, x_train, shuffle=False, epochs=epochs, batch_size=batch_size, verbose=0,
               validation_data=(x_test, x_test))
print('RESULT loss', *hist.history['loss'])
print('RESULT val_loss', *hist.history['val_loss'])

encoder = Model(x, z_mean)
print('RESULT encoded', *encoder.predict(x_test, batch_size=batch_size)[:2].ravel())
decoder_input = Input(shape=(latent_dim,))
generator = Model(decoder_input, decoder_mean(decoder_h(decoder_input)))
print('RESULT generated', *generator.predict(np.array([[0.5, -1.]])).ravel())
