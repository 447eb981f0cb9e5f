"""Sparse autoencoder: activity regularizer, and samples switched off by zero weights"""
from keras.layers import Input, Dense
from keras.models import Model
from keras import regularizers
import numpy as np

encoding_dim = 4
rng = np.random.RandomState(28)
x = rng.uniform(size=(24, 6))
use = (np.arange(24) % 3 != 0).astype(float)

input_img = Input(shape=(6,))
# add a Dense layer with a L1 activity regularizer
encoded = Dense(encoding_dim, activation='relu', activity_regularizer=regularizers.l1(10e-4), name='enc')(input_img)
decoded = Dense(6, activation='sigmoid', name='dec')(encoded)
autoencoder = Model(input_img, decoded)
for n in ('enc', 'dec'):
    lay = autoencoder.get_layer(n)
    lay.set_weights([rng.uniform(-.5, .8, w.shape) for w in lay.get_weights()])
autoencoder.compile(optimizer='sgd', loss='mse')
print('RESULT eval', *[autoencoder.evaluate(x, x, batch_size=b, verbose=0) for b in (4, 8, 24)])
h = autoencoder.fit(x, x, batch_size=8, epochs=3, verbose=0, shuffle=False)
print('RESULT loss', *h.history['loss'])
h = autoencoder.fit(x, x, batch_size=8, epochs=3, verbose=0, shuffle=False, sample_weight=use)
print('RESULT weighted', *h.history['loss'])
print('RESULT code', *autoencoder.predict(x[:1]).ravel())
