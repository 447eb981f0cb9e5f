"""Minimal GAN: class with generator, discriminator and the combined model."""
import numpy as np
from keras.layers import Input, Dense, Reshape, Flatten, Dropout
from keras.layers import BatchNormalization, Activation, ZeroPadding2D
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Sequential, Model
from keras.optimizers import Adam


class GAN():
    def __init__(self):
        self.img_shape = (4, 4, 1)
        self.latent_dim = 5
        self.rng = np.random.RandomState(10)

        optimizer = Adam(0.002, 0.5)

        # Build and compile the discriminator
        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss='binary_crossentropy', optimizer=optimizer, metrics=['accuracy'])

        # Build the generator
        self.generator = self.build_generator()
        for m in (self.discriminator, self.generator):
            m.set_weights([self.rng.uniform(0.5, 1, w.shape) if w.ndim == 1 else self.rng.normal(0, .4, w.shape)
                           for w in m.get_weights()])

        z = Input(shape=(self.latent_dim,))
        img = self.generator(z)

        # For the combined model we will only train the generator
        self.discriminator.trainable = False
        validity = self.discriminator(img)
        self.combined = Model(z, validity)
        self.combined.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.002, beta_1=0.5))

    def build_generator(self):
        model = Sequential()
        model.add(Dense(8, input_dim=self.latent_dim))
        model.add(LeakyReLU(alpha=0.2))
        model.add(BatchNormalization(momentum=0.8))
        model.add(Dense(np.prod(self.img_shape), activation='tanh'))
        model.add(Reshape(self.img_shape))
        noise = Input(shape=(self.latent_dim,))
        return Model(noise, model(noise))

    def build_discriminator(self):
        model = Sequential()
        model.add(Flatten(input_shape=self.img_shape))
        model.add(Dense(8))
        model.add(LeakyReLU(alpha=0.2))
        model.add(Dropout(0.0))
        model.add(Dense(1, activation='sigmoid'))
        img = Input(shape=self.img_shape)
        return Model(img, model(img))

    def train(self, epochs, batch_size=8):
        X_train = self.rng.uniform(-1, 1, (32,) + self.img_shape)
        valid = np.ones((batch_size, 1))
        fake = np.zeros((batch_size, 1))
        for epoch in range(epochs):
            idx = self.rng.randint(0, X_train.shape[0], batch_size)
            noise = self.rng.normal(0, 1, (batch_size, self.latent_dim))
            gen_imgs = self.generator.predict(noise)
            d_loss_real = self.discriminator.train_on_batch(X_train[idx], valid)
            d_loss_fake = self.discriminator.train_on_batch(gen_imgs, fake)
            d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)

            frozen = self.discriminator.get_weights()[0].copy()
            noise = self.rng.normal(0, 1, (batch_size, self.latent_dim))
            g_loss = self.combined.train_on_batch(noise, valid)
            assert (frozen == self.discriminator.get_weights()[0]).all()
            print("RESULT epoch%d" % epoch, d_loss[0], 100 * d_loss[1], g_loss)


gan = GAN()
gan.train(epochs=5)
print('RESULT generated', *gan.generator.predict(np.ones((1, 5))).ravel()[:6])
print('RESULT bn', *gan.generator.layers[-1].layers[2].get_weights()[2][:4])
print('RESULT counts', len(gan.combined.trainable_weights), gan.combined.count_params())
