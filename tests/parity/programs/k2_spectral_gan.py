"""Class-conditional GAN: label embedding times noise, two losses, spectral normalization as a constraint, instance norm layer."""
from __future__ import print_function, division
from keras.layers import Input, Dense, Reshape, Flatten, Dropout, multiply, Embedding, Concatenate
from keras.layers import BatchNormalization, Activation, ZeroPadding2D, LeakyReLU, UpSampling2D, Conv2D, Conv2DTranspose
from keras.constraints import Constraint
from keras.initializers import Initializer
from keras.engine.base_layer import Layer, InputSpec
from keras.models import Sequential, Model
from keras.optimizers import Adam
from keras import initializers
import keras.backend as K
import numpy as np


class Spectral(Constraint):
    """Divides a kernel by an estimate of its largest singular value."""

    def __init__(self, n_iters=3):
        self.n_iters = n_iters

    def __call__(self, w):
        w_flat = K.reshape(w, (-1, K.int_shape(w)[-1]))
        u = K.ones((1, K.int_shape(w_flat)[-1]))
        for _ in range(self.n_iters):
            v = K.l2_normalize(K.dot(u, K.transpose(w_flat)))
            u = K.l2_normalize(K.dot(v, w_flat))
        sigma = K.dot(K.dot(v, w_flat), K.transpose(u))
        return w / sigma[0, 0]

    def get_config(self):
        return {'n_iters': self.n_iters}


class Waves(Initializer):
    def __init__(self, scale=.3):
        self.scale = scale

    def __call__(self, shape, dtype=None):
        n = int(np.prod(shape))
        return K.constant(self.scale * np.cos(np.arange(n) * 1.7).reshape(shape), dtype=dtype)

    def get_config(self):
        return dict(scale=self.scale)


class InstanceNorm(Layer):
    def __init__(self, epsilon=1e-3, **kwargs):
        super(InstanceNorm, self).__init__(**kwargs)
        self.epsilon = epsilon
        self.gamma_init = initializers.get('one')

    def build(self, input_shape):
        self.gamma = self.add_weight(name='gamma', shape=(input_shape[-1],), initializer=self.gamma_init)
        self.beta = self.add_weight(name='beta', shape=(input_shape[-1],), initializer='zero')
        super(InstanceNorm, self).build(input_shape)

    def call(self, x, training=None):
        mean = K.mean(x, axis=[1, 2], keepdims=True)
        std = K.std(x, axis=[1, 2], keepdims=True) + self.epsilon
        return self.gamma * (x - mean) / std + self.beta


class ACGAN():
    def __init__(self):
        self.num_classes, self.latent_dim = 3, 5
        optimizer = Adam(0.01, 0.5)
        losses = ['binary_crossentropy', 'sparse_categorical_crossentropy']
        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss=losses, optimizer=optimizer, metrics=['accuracy'])
        self.generator = self.build_generator()
        noise = Input(shape=(self.latent_dim,))
        label = Input(shape=(1,))
        img = self.generator([noise, label])
        self.discriminator.trainable = False
        valid, target_label = self.discriminator(img)
        self.combined = Model([noise, label], [valid, target_label])
        self.combined.compile(loss=losses, optimizer=optimizer, loss_weights=[1, .5])

    def build_generator(self):
        model = Sequential()
        model.add(Dense(2 * 2 * 6, activation="relu", input_dim=self.latent_dim, kernel_initializer=Waves()))
        model.add(Reshape((2, 2, 6)))
        model.add(Conv2DTranspose(4, 4, strides=2, padding='same', kernel_initializer=Waves(.2), use_bias=False))
        model.add(InstanceNorm())
        model.add(UpSampling2D(interpolation='nearest'))
        model.add(Conv2D(1, kernel_size=3, padding='same', kernel_initializer=Waves(.1)))
        model.add(Activation("tanh"))
        noise = Input(shape=(self.latent_dim,))
        label = Input(shape=(1,), dtype='int32')
        label_embedding = Flatten()(Embedding(self.num_classes, self.latent_dim, embeddings_initializer=Waves(1.))(label))
        return Model([noise, label], model(multiply([noise, label_embedding])))

    def build_discriminator(self):
        model = Sequential()
        model.add(Conv2D(4, kernel_size=3, strides=2, input_shape=(8, 8, 1), padding="same", kernel_initializer=Waves(),
                         kernel_constraint=Spectral()))
        model.add(LeakyReLU(alpha=0.2))
        model.add(ZeroPadding2D(padding=((0, 1), (0, 1))))
        model.add(Conv2D(6, kernel_size=3, strides=2, padding="same", kernel_initializer=Waves(), kernel_constraint=Spectral(2)))
        model.add(LeakyReLU(0.2))
        model.add(Flatten())
        img = Input(shape=(8, 8, 1))
        features = model(img)
        validity = Dense(1, activation="sigmoid", kernel_initializer=Waves(.1))(features)
        label = Dense(self.num_classes, activation="softmax", kernel_initializer=Waves(.1))(features)
        return Model(img, [validity, label])

    def train(self, epochs, batch_size=8):
        rng = np.random.RandomState(4)
        X, y = rng.uniform(-1, 1, (16, 8, 8, 1)), rng.randint(0, 3, (16, 1))
        for epoch in range(epochs):
            idx = rng.permutation(16)[:batch_size]
            noise = rng.normal(0, 1, (batch_size, self.latent_dim))
            sampled = rng.randint(0, 3, (batch_size, 1))
            gen_imgs = self.generator.predict([noise, sampled])
            d_real = self.discriminator.train_on_batch(X[idx], [np.ones((batch_size, 1)), y[idx]])
            d_fake = self.discriminator.train_on_batch(gen_imgs, [np.zeros((batch_size, 1)), sampled])
            d_loss = 0.5 * np.add(d_real, d_fake)
            g_loss = self.combined.train_on_batch([noise, sampled], [np.ones((batch_size, 1)), sampled])
            print("RESULT %d [D loss: %f, acc.: %.2f, op_acc: %.2f] [G loss: %f]" % (epoch, d_loss[0], 100 * d_loss[3], 100 * d_loss[4], g_loss[0]))
        print('RESULT names', *self.discriminator.metrics_names)
        image = self.generator.predict([np.ones((1, 5)), np.array([[2]])])
        print('RESULT image', *image[0, 3, :, 0])
        print('RESULT verdict', *[float(v) for o in self.discriminator.predict(image) for v in o.ravel()])
        w = self.discriminator.layers[1].layers[0].get_weights()[0].reshape(-1, 4)
        print('RESULT sigma', np.linalg.svd(w)[1][0])


if __name__ == '__main__':
    ACGAN().train(4)
