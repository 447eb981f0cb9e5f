"""Generative adversarial network on 8x8 digits-like images (class layout as in the usual GAN collections)."""
from __future__ import print_function, division

from keras.layers import Input, Dense, Reshape, Flatten, Dropout
from keras.layers import BatchNormalization, Activation
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Sequential, Model
from keras.optimizers import Adam

import numpy as np


class GAN():
    def __init__(self):
        self.img_shape = (8, 8, 1)
        self.latent_dim = 6
        optimizer = Adam(0.002, 0.5)

        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss='binary_crossentropy', optimizer=Adam(0.002, 0.5), metrics=['accuracy'])
        self.generator = self.build_generator()

        z = Input(shape=(self.latent_dim,))
        img = self.generator(z)

        # For the combined model we will only train the generator
        self.discriminator.trainable = False
        validity = self.discriminator(img)
        self.combined = Model(z, validity)
        self.combined.compile(loss='binary_crossentropy', optimizer=optimizer)

    def init(self, model, seed):
        r = np.random.RandomState(seed)
        model.set_weights([r.normal(scale=0.1, size=w.shape) for w in model.get_weights()])

    def build_generator(self):
        model = Sequential()
        model.add(Dense(16, input_dim=self.latent_dim))
        model.add(LeakyReLU(alpha=0.2))
        model.add(Dense(24))
        model.add(LeakyReLU(alpha=0.2))
        model.add(Dense(int(np.prod(self.img_shape)), activation='tanh'))
        model.add(Reshape(self.img_shape))
        self.init(model, 10)
        noise = Input(shape=(self.latent_dim,))
        return Model(noise, model(noise))

    def build_discriminator(self):
        model = Sequential()
        model.add(Flatten(input_shape=self.img_shape))
        model.add(Dense(20))
        model.add(LeakyReLU(0.2))
        model.add(Dropout(0.))
        model.add(Dense(1, activation='sigmoid'))
        model.summary()
        self.init(model, 11)
        img = Input(shape=self.img_shape)
        return Model(img, model(img))

    def train(self, epochs, batch_size=16):
        rng = np.random.RandomState(5)
        X_train = np.clip(rng.normal(0.3, 0.4, (64,) + self.img_shape), -1, 1)
        half_batch = batch_size // 2
        valid, fake = np.ones((half_batch, 1)), np.zeros((half_batch, 1))
        for epoch in range(epochs):
            imgs = X_train[epoch * half_batch:(epoch + 1) * half_batch]
            noise = rng.normal(0, 1, (half_batch, self.latent_dim))
            gen_imgs = self.generator.predict(noise)
            d_loss_real = self.discriminator.train_on_batch(imgs, valid)
            d_loss_fake = self.discriminator.train_on_batch(gen_imgs, fake)
            d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)

            noise = rng.normal(0, 1, (batch_size, self.latent_dim))
            g_loss = self.combined.train_on_batch(noise, np.ones((batch_size, 1)))
            print("%d [D loss: %f, acc.: %.2f%%] [G loss: %f]" % (epoch, d_loss[0], 100 * d_loss[1], g_loss))
            print('RESULT step%d' % epoch, d_loss[0], d_loss[1], g_loss)


if __name__ == '__main__':
    gan = GAN()
    gan.train(epochs=5)
    print('RESULT d_weights', *[float(np.abs(w).sum()) for w in gan.discriminator.get_weights()])
    print('RESULT g_weights', *[float(np.abs(w).sum()) for w in gan.generator.get_weights()])
