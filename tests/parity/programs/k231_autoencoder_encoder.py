# Denoising conv autoencoder; the encoder is cut out afterwards and its weights travel through .hdf5
from keras.layers import *
from keras.models import *
from keras.callbacks import CSVLogger
import numpy as np
import os, tempfile, csv


class Autoencoder:
    params = dict(padding='same', activation='relu')

    def __init__(self, side=8, code=5):
        self.side, self.code = side, code
        self.autoencoder, self.encoder = self._make()

    def _make(self):
        inp = Input((self.side, self.side, 1))
        x = Conv2D(4, 3, **self.params)(inp)
        x = MaxPool2D(padding='same')(x)
        x = SeparableConv2D(6, (3, 3), **self.params)(x)
        x = Flatten()(x)
        code = Dense(self.code, activation='sigmoid', name='code')(x)
        s = self.side // 2
        x = Dense(s * s * 2, activation='relu')(code)
        x = Reshape((s, s, 2))(x)
        x = Conv2DTranspose(4, 3, strides=2, **self.params)(x)
        x = Cropping2D(1)(ZeroPadding2D(1)(x))
        out = Conv2D(1, (3, 3), activation='sigmoid', padding='same')(x)
        return Model(inp, out), Model(inp, code)

    def randomize(self, seed):
        rs = np.random.RandomState(seed)
        for l in self.autoencoder.layers:
            l.set_weights([rs.uniform(-.25, .25, w.shape) for w in l.get_weights()])

    def fit(self, x, noisy, log):
        self.autoencoder.compile('adadelta', loss='binary_crossentropy')
        return self.autoencoder.fit(noisy, x, epochs=3, batch_size=8, shuffle=False, verbose=0,
                                    validation_data=(noisy[:4], x[:4]), callbacks=[CSVLogger(log)])


if __name__ == '__main__':
    folder = tempfile.mkdtemp()
    rs = np.random.RandomState(7)
    x = (rs.uniform(size=(24, 8, 8, 1)) > .6) * 1.
    noisy = np.clip(x + .3 * rs.normal(size=x.shape), 0., 1.)
    ae = Autoencoder()
    ae.randomize(1)
    h = ae.fit(x, noisy, os.path.join(folder, 'log.csv'))
    print('RESULT loss', *h.history['loss'])
    print('RESULT val_loss', *h.history['val_loss'])
    with open(os.path.join(folder, 'log.csv')) as f:
        rows = list(csv.DictReader(f))
    print('RESULT csv', len(rows), *['%.5f' % float(r['loss']) for r in rows])
    print('RESULT codes', *ae.encoder.predict(x[:2]).ravel())
    ae.encoder.save_weights(os.path.join(folder, 'encoder.hdf5'))
    other = Autoencoder()
    other.randomize(2)
    other.encoder.load_weights(os.path.join(folder, 'encoder.hdf5'))
    print('RESULT code_diff', float(np.abs(other.encoder.predict(x) - ae.encoder.predict(x)).max() < 1e-6))
    print('RESULT decoded', other.autoencoder.predict(x).mean(), len(other.autoencoder.layers))
