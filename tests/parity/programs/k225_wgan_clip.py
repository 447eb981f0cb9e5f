# Wasserstein GAN for a 2-d mixture of gaussians, critic with weight clipping
import keras
import keras.backend as K
from keras import layers, models
import numpy as np

N_CRITIC, CLIP, LATENT, BATCH = 3, 0.05, 4, 20


def wasserstein_loss(y_true, y_pred):
    return K.mean(y_true * y_pred)


def const_init(seed):
    def init(shape, dtype=None):
        return K.constant(np.random.RandomState(seed).uniform(-.2, .2, size=shape), dtype=dtype)
    return init


def critic_model():
    m = models.Sequential(name='critic')
    m.add(layers.Dense(16, input_shape=(2,), kernel_initializer=const_init(1)))
    m.add(layers.LeakyReLU(alpha=.2))
    m.add(layers.Dense(8, activation='elu', kernel_initializer=const_init(2)))
    m.add(layers.Dense(1, kernel_initializer=const_init(3)))
    return m


def generator_model():
    m = models.Sequential(name='generator')
    m.add(layers.Dense(12, input_dim=LATENT, activation='relu', kernel_initializer=const_init(4)))
    m.add(layers.Dense(2, kernel_initializer=const_init(5)))
    return m


critic = critic_model()
critic.compile(keras.optimizers.RMSprop(lr=0.005), wasserstein_loss)
generator = generator_model()

z = layers.Input((LATENT,))
critic.trainable = False
combined = models.Model(z, critic(generator(z)))
combined.compile(loss=wasserstein_loss, optimizer=keras.optimizers.RMSprop(lr=0.002))

rng = np.random.RandomState(0)
real_y, fake_y = -np.ones((BATCH, 1)), np.ones((BATCH, 1))
for it in range(4):
    for _ in range(N_CRITIC):
        centres = np.array([[1., 1.], [-1., 2.]])[rng.randint(0, 2, BATCH)]
        real = centres + .1 * rng.randn(BATCH, 2)
        fake = generator.predict(rng.randn(BATCH, LATENT))
        l_real = critic.train_on_batch(real, real_y)
        l_fake = critic.train_on_batch(fake, fake_y)
        # Clip critic weights
        for l in critic.layers:
            weights = l.get_weights()
            weights = [np.clip(w, -CLIP, CLIP) for w in weights]
            l.set_weights(weights)
    l_gen = combined.train_on_batch(rng.randn(BATCH, LATENT), real_y)
    print('RESULT iter', it, l_real, l_fake, l_gen)

w = np.concatenate([v.ravel() for v in critic.get_weights()])
print('RESULT critic', np.abs(w).max(), np.abs(w).mean(), int((np.abs(w) > CLIP - 1e-6).sum()))
print('RESULT samples', *generator.predict(np.eye(LATENT)).ravel())
