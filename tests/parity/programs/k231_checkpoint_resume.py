"""Trains an MLP with checkpoints, resumes from the best one, serialises the architecture to json"""
import glob
import os
import shutil
import tempfile

import keras
import numpy as np
from keras.callbacks import ModelCheckpoint, EarlyStopping, ReduceLROnPlateau
from keras.models import load_model, model_from_json

NUM_CLASSES = 4


def swish(x, beta=1.0):
    return x * keras.backend.sigmoid(beta * x)


def make(seed=17):
    model = keras.Sequential([
        keras.layers.Dense(12, input_dim=6, activation=swish),
        keras.layers.Dense(12),
        keras.layers.LeakyReLU(0.1),
        keras.layers.Dense(NUM_CLASSES, activation='softmax'),
    ])
    rng = np.random.RandomState(seed)
    model.set_weights([rng.normal(0, .5, size=w.shape) for w in model.get_weights()])
    model.compile(keras.optimizers.RMSprop(learning_rate=.01, rho=.8), loss='categorical_crossentropy',
                  metrics=['accuracy', keras.metrics.top_k_categorical_accuracy])
    return model


def main():
    rng = np.random.RandomState(3)
    centers = rng.normal(0, 1.5, (NUM_CLASSES, 6))
    labels = np.arange(48) % NUM_CLASSES
    x = centers[labels] + rng.normal(size=(48, 6))
    y = keras.utils.to_categorical(labels)
    out = tempfile.mkdtemp()
    try:
        best = os.path.join(out, 'best.h5')
        callbacks = [ModelCheckpoint(best, monitor='val_accuracy', save_best_only=True, verbose=0, mode='max'),
                     ModelCheckpoint(os.path.join(out, 'w.{epoch:02d}.hdf5'), save_weights_only=True, period=2),
                     EarlyStopping(monitor='val_accuracy', patience=5),
                     ReduceLROnPlateau('val_loss', factor=0.5, patience=2, min_delta=0.01)]
        model = make()
        h = model.fit(x[:36], y[:36], batch_size=12, epochs=5, validation_data=(x[36:], y[36:]),
                      callbacks=callbacks, verbose=0, shuffle=False)
        print('RESULT loss', *h.history['loss'])
        print('RESULT val_accuracy', *h.history['val_accuracy'])
        print('RESULT lr', *h.history['lr'])
        print('RESULT files', len(glob.glob(os.path.join(out, '*.hdf5'))), os.path.exists(best))

        resumed = load_model(best, custom_objects={'swish': swish})
        print('RESULT best', *resumed.evaluate(x[36:], y[36:], batch_size=5, verbose=0)[:2])
        resumed.fit(x[:36], y[:36], 12, 7, initial_epoch=5, verbose=0, shuffle=False)
        print('RESULT resumed', *resumed.predict(x[:1])[0])

        clone = model_from_json(model.to_json(), custom_objects={'swish': swish})
        clone.load_weights(os.path.join(out, 'w.02.hdf5'))
        print('RESULT epoch2', *clone.predict(x[-1:]).ravel())
    finally:
        shutil.rmtree(out)


if __name__ == '__main__':
    main()
