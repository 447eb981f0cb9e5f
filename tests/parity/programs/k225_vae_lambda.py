'''Variational autoencoder (Auto-Encoding Variational Bayes), fixed noise so that runs can be compared.'''
from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras import backend as K
from keras import metrics
import numpy as np

batch_size = 10
original_dim = 20
latent_dim = 2
intermediate_dim = 8
epochs = 3
noise = np.random.RandomState(99).normal(size=(batch_size, latent_dim))

x = Input(shape=(original_dim,))
h = Dense(intermediate_dim, activation='relu', name='enc')(x)
z_mean = Dense(latent_dim, name='z_mean')(h)
z_log_var = Dense(latent_dim, name='z_log_var')(h)


def sampling(args):
    z_mean, z_log_var = args
    epsilon = K.constant(noise)
    return z_mean + K.exp(z_log_var / 2) * epsilon


# note that "output_shape" isn't necessary with the TensorFlow backend
z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var])

# we instantiate these layers separately so as to reuse them later
decoder_h = Dense(intermediate_dim, activation='relu', name='dec')
decoder_mean = Dense(original_dim, activation='sigmoid', name='dec_mean')
x_decoded_mean = decoder_mean(decoder_h(z))

vae = Model(x, x_decoded_mean)

xent_loss = original_dim * metrics.binary_crossentropy(x, x_decoded_mean)
kl_loss = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
vae_loss = K.mean(xent_loss + kl_loss)

vae.add_loss(vae_loss)
vae.compile(optimizer='adam')
vae.summary()

rs = np.random.RandomState(0)
for name in ('enc', 'z_mean', 'z_log_var', 'dec', 'dec_mean'):
    layer = vae.get_layer(name)
    layer.set_weights([rs.normal(0, .3, w.shape) for w in layer.get_weights()])

x_train = (rs.uniform(size=(40, original_dim)) > np.linspace(.1, .9, original_dim)).astype('float32')
hist = vae.fit(x_train, shuffle=False, epochs=epochs, batch_size=batch_size, verbose=2)
print('RESULT loss', *hist.history['loss'])

# build a model to project inputs on the latent space
encoder = Model(x, z_mean)
print('RESULT latent', *encoder.predict(x_train[:3], batch_size=batch_size).ravel())

# build a digit generator that can sample from the learned distribution
decoder_input = Input(shape=(latent_dim,))
generator = Model(decoder_input, decoder_mean(decoder_h(decoder_input)))
grid = np.array([[a, b] for a in (-1., 1.) for b in (-1., 1.)])
print('RESULT decoded', *generator.predict(grid).sum(axis=1))
