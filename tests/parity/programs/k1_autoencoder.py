"""Autoencoder class: save, load, and look at the code with K.function."""
import os
import shutil
import tempfile

import numpy as np
from keras.layers import Input, Dense, Activation, Lambda, Reshape, RepeatVector, Permute
from keras.models import Model, load_model, model_from_json
from keras import backend as K, regularizers


class AutoEncoder:
    def __init__(self, dim, code, **compile_args):
        inp = Input(shape=(dim,), name='inp')
        encoded = Dense(code, activation='relu', activity_regularizer=regularizers.activity_l1(10e-5), name='code')(inp)
        normed = Lambda(lambda t: K.l2_normalize(t, axis=-1), output_shape=(code,), name='unit')(encoded)
        decoded = Dense(dim, name='dec')(normed)
        decoded = Activation('sigmoid')(decoded)
        self.model = Model(input=inp, output=decoded)
        self.encoder = Model(input=inp, output=encoded)
        self.model.compile(**compile_args)

    def init(self, seed):
        r = np.random.RandomState(seed)
        self.model.set_weights([r.uniform(-.5, .9, w.shape) for w in self.model.get_weights()])


args = {'optimizer': 'nadam', 'loss': 'binary_crossentropy'}
ae = AutoEncoder(9, 4, **args)
ae.init(4)
X = np.random.RandomState(1).uniform(size=(20, 9))

h = ae.model.fit(X, X, 10, 3, 0, shuffle=False)  # batch_size, nb_epoch, verbose
print('RESULT loss', *h.history['loss'])
print('RESULT code', ae.encoder.predict(X).sum(axis=0))

get_unit = K.function([ae.model.layers[0].input, K.learning_phase()], [ae.model.get_layer('unit').output])
unit = get_unit([X, 0])[0]
print('RESULT unit', unit.sum(), (unit ** 2).sum())

folder = tempfile.mkdtemp()
try:
    ae.encoder.save(os.path.join(folder, 'encoder.h5'))
    again = load_model(os.path.join(folder, 'encoder.h5'))
    print('RESULT loaded', np.abs(again.predict(X) - ae.encoder.predict(X)).max() < 1e-5)
    weights = os.path.join(folder, 'ae_weights.hdf5')
    ae.model.save_weights(weights, overwrite=True)
    other = AutoEncoder(9, 4, **args)
    other.model.load_weights(weights)
    print('RESULT other', other.model.evaluate(X, X, verbose=0))
    rebuilt = model_from_json(again.to_json())
    rebuilt.set_weights(again.get_weights())
    print('RESULT rebuilt', rebuilt.predict(X)[0])
finally:
    shutil.rmtree(folder)

# reshaping layers
z = Input(shape=(4,))
t = RepeatVector(3)(z)
t = Permute((2, 1))(t)
t = Reshape((2, 6))(t)
print('RESULT reshaped', Model(z, t).predict(np.arange(4.).reshape(1, 4)).ravel())
