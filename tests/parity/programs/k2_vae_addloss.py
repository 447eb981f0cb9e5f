# VAE with encoder/decoder submodels and vae.add_loss
import argparse
import numpy as np
import keras
from keras.layers import Lambda, Input, Dense
from keras.losses import mse, binary_crossentropy
import keras.backend as K


def sampling(args):
    """z = z_mean + sqrt(var)*eps; eps is a constant here to have repeatable runs"""
    z_mean, z_log_var = args
    batch = K.shape(z_mean)[0]
    dim = K.int_shape(z_mean)[1]
    epsilon = 0.3 * K.ones(shape=(batch, dim))
    return z_mean + K.exp(0.5 * z_log_var) * epsilon


def build(dim, latent, use_mse):
    inputs = Input(shape=(dim,), name='encoder_input')
    x = Dense(6, activation='tanh')(inputs)
    z_mean = Dense(latent, name='z_mean')(x)
    z_log_var = Dense(latent, name='z_log_var')(x)
    z = Lambda(sampling, output_shape=(latent,), name='z')([z_mean, z_log_var])
    encoder = keras.Model(inputs, [z_mean, z_log_var, z], name='encoder')

    latent_inputs = Input(shape=(latent,), name='z_sampling')
    x = Dense(6, activation='relu')(latent_inputs)
    outputs = Dense(dim, activation='sigmoid')(x)
    decoder = keras.Model(latent_inputs, outputs, name='decoder')

    outputs = decoder(encoder(inputs)[2])
    vae = keras.Model(inputs, outputs, name='vae_mlp')

    if use_mse:
        reconstruction_loss = mse(inputs, outputs)
    else:
        reconstruction_loss = binary_crossentropy(inputs, outputs)
    reconstruction_loss *= dim
    kl_loss = 1 + z_log_var - K.square(z_mean) - K.exp(z_log_var)
    kl_loss = K.sum(kl_loss, axis=-1)
    kl_loss *= -0.5
    vae.add_loss(K.mean(reconstruction_loss + kl_loss))
    vae.compile(optimizer='adam')
    return encoder, decoder, vae


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-m", "--mse", help="Use mse loss instead of binary cross entropy (default)", action='store_true')
    args = parser.parse_args()
    rng = np.random.RandomState(12)
    x_train, x_test = rng.rand(32, 10), rng.rand(8, 10)
    for use_mse in (args.mse, not args.mse):
        encoder, decoder, vae = build(10, 2, use_mse)
        vae.set_weights([np.random.RandomState(5).normal(0, .5, w.shape) for w in vae.get_weights()])
        hist = vae.fit(x_train, epochs=3, batch_size=8, shuffle=False, verbose=0, validation_data=(x_test, None))
        name = 'mse' if use_mse else 'bce'
        print('RESULT %s_loss' % name, *hist.history['loss'])
        print('RESULT %s_val' % name, *hist.history['val_loss'])
        z = encoder.predict(x_test, batch_size=8)
        print('RESULT %s_z' % name, *[a.sum() for a in z])
        print('RESULT %s_decoded' % name, *decoder.predict(z[0][:1])[0])


if __name__ == '__main__':
    main()
