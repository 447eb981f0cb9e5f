"""Improved WGAN: gradient penalty through K.gradients on weighted averages of real and generated samples."""
from __future__ import print_function, division
from functools import partial

from keras.layers import Input, Dense, Reshape, Flatten
from keras.layers.merge import _Merge
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.convolutional import UpSampling2D, Conv2D
from keras.models import Sequential, Model
from keras.optimizers import RMSprop, SGD
import keras.backend as K
import numpy as np


class Between(_Merge):
    """Points on the line from fakes to reals; always the same share of it, to have repeatable runs"""
    def _merge_function(self, inputs):
        alpha = 0.3 * K.ones((8, 1, 1, 1))
        return (alpha * inputs[0]) + ((1 - alpha) * inputs[1])


class PenalizedGan():
    def __init__(self):
        self.img_shape = (8, 8, 1)
        self.latent_dim = 6
        self.n_critic = 2
        optimizer = SGD(lr=0.01)

        self.generator = self.build_generator()
        self.critic = self.build_critic()
        rng = np.random.RandomState(1)
        for net in (self.generator, self.critic):
            net.set_weights([rng.normal(0, 0.2, w.shape) for w in net.get_weights()])

        # what the critic learns from
        self.generator.trainable = False
        real_img = Input(shape=self.img_shape)
        z_disc = Input(shape=(self.latent_dim,))
        fake_img = self.generator(z_disc)
        fake = self.critic(fake_img)
        valid = self.critic(real_img)
        mixed = Between()([real_img, fake_img])
        score_mixed = self.critic(mixed)
        penalty = partial(self.slope_loss, at=mixed)
        penalty.__name__ = 'gradient_penalty'

        self.critic_model = Model(inputs=[real_img, z_disc], outputs=[valid, fake, score_mixed])
        self.critic_model.compile(loss=[self.wasserstein_loss, self.wasserstein_loss, penalty],
                                  optimizer=optimizer, loss_weights=[1, 1, 10])

        # what the generator learns from
        self.critic.trainable = False
        self.generator.trainable = True
        z_gen = Input(shape=(self.latent_dim,))
        img = self.generator(z_gen)
        valid = self.critic(img)
        self.generator_model = Model(z_gen, valid)
        self.generator_model.compile(loss=self.wasserstein_loss, optimizer=SGD(lr=0.01))

    def slope_loss(self, y_true, y_pred, at):
        gradients = K.gradients(y_pred, at)[0]
        squares = K.square(gradients)
        total = K.sum(squares, axis=np.arange(1, len(squares.shape)))
        norm = K.sqrt(total)
        return K.mean(K.square(1 - norm))

    def wasserstein_loss(self, y_true, y_pred):
        return K.mean(y_true * y_pred)

    def build_generator(self):
        model = Sequential()
        model.add(Dense(4 * 4 * 2, activation="relu", input_dim=self.latent_dim))
        model.add(Reshape((4, 4, 2)))
        model.add(UpSampling2D())
        model.add(Conv2D(1, kernel_size=3, padding="same", activation='tanh'))
        noise = Input(shape=(self.latent_dim,))
        return Model(noise, model(noise))

    def build_critic(self):
        model = Sequential()
        model.add(Conv2D(4, kernel_size=3, strides=2, input_shape=self.img_shape, padding="same"))
        model.add(LeakyReLU(alpha=0.2))
        model.add(Flatten())
        model.add(Dense(1))
        img = Input(shape=self.img_shape)
        return Model(img, model(img))

    def train(self, epochs, batch_size):
        rng = np.random.RandomState(5)
        valid = -np.ones((batch_size, 1))
        fake = np.ones((batch_size, 1))
        dummy = np.zeros((batch_size, 1))
        for epoch in range(epochs):
            for _ in range(self.n_critic):
                imgs = rng.uniform(-1, 1, (batch_size,) + self.img_shape)
                noise = rng.normal(0, 1, (batch_size, self.latent_dim))
                d_loss = self.critic_model.train_on_batch([imgs, noise], [valid, fake, dummy])
            g_loss = self.generator_model.train_on_batch(noise, valid)
            print("RESULT losses %d [D loss: %f] [G loss: %f]" % (epoch, d_loss[0], g_loss))
            print("RESULT parts", *["%.6f" % v for v in d_loss])


if __name__ == '__main__':
    gan = PenalizedGan()
    gan.train(epochs=4, batch_size=8)
    gen = gan.generator.predict(np.ones((1, 6)))
    print("RESULT image", *["%.6f" % v for v in gen[0, 3, :, 0]])
    print("RESULT critic", "%.6f" % gan.critic.predict(gen)[0, 0])
