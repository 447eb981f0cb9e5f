"""Adversarial autoencoder: discriminator on the codes, frozen inside the adversarial model."""
import numpy as np
from keras.layers import Input, Dense
from keras.models import Model
from keras.optimizers import SGD


def fixed(seed):
    def fill(model):
        r = np.random.RandomState(seed)
        for l in model.layers:
            l.set_weights([r.uniform(-.5, .5, w.shape) for w in l.get_weights()])
        return model
    return fill


def make_encoder(dim, code):
    x = Input(shape=(dim,))
    return fixed(1)(Model(x, Dense(code)(Dense(8, activation='tanh')(x))))


def make_discriminator(code):
    c = Input(shape=(code,))
    h = Dense(8, activation='tanh')(c)
    return fixed(2)(Model(c, Dense(1, activation='sigmoid')(h)))


def make_trainable(net, val):
    net.trainable = val
    for l in net.layers:
        l.trainable = val


def total(model):
    return float(sum(np.abs(w).sum() for w in model.get_weights()))


encoder, disc = make_encoder(6, 2), make_discriminator(2)
disc.compile(loss='binary_crossentropy', optimizer=SGD(0.5))
make_trainable(disc, False)
inp = Input(shape=(6,))
adversarial = Model(inp, disc(encoder(inp)))
adversarial.compile(loss='binary_crossentropy', optimizer=SGD(0.5))

rs = np.random.RandomState(3)
print('RESULT before', total(disc), total(encoder))
for i in range(5):
    batch, prior = rs.normal(size=(16, 6)), rs.normal(size=(16, 2))
    codes = encoder.predict(batch)
    d = disc.train_on_batch(np.concatenate([prior, codes]), np.array([1.] * 16 + [0.] * 16))
    g = adversarial.train_on_batch(batch, np.ones(16))
    print('RESULT round', i, d, g)
print('RESULT after', total(disc), total(encoder))
