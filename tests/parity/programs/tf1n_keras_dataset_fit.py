"""tf.keras functional model of TF 1.13 fed by tf.data, with keras optimizers of its time."""
import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.python.keras import layers, models

rng = np.random.RandomState(19)
features = rng.randn(24, 5).astype('float32')
labels = np.eye(3)[rng.randint(0, 3, 24)].astype('float32')


def input_fn(batch_size):
    dataset = tf.data.Dataset.from_tensor_slices((features, labels))
    return dataset.batch(batch_size).repeat()


def build():
    inputs = layers.Input(shape=(5,))
    h = layers.Dense(6, kernel_initializer=tf.keras.initializers.Constant(0.2), bias_initializer='ones')(inputs)
    h = layers.BatchNormalization()(h)
    h = layers.LeakyReLU()(h)
    outputs = layers.Dense(3, activation='softmax', kernel_initializer=tf.constant_initializer(np.linspace(-1, 1, 18).reshape(6, 3)))(h)
    return models.Model(inputs, outputs)


for name, optimizer in (('rmsprop', tf.keras.optimizers.RMSprop(lr=0.01)), ('adagrad', tf.keras.optimizers.Adagrad()),
                        ('adadelta', 'adadelta'), ('nadam', tf.keras.optimizers.Nadam(lr=0.01)),
                        ('sgd', tf.keras.optimizers.SGD(lr=0.1, decay=0.01, clipnorm=0.5))):
    model = build()
    model.compile(optimizer=optimizer, loss=tf.keras.losses.categorical_crossentropy, metrics=['acc'])
    history = model.fit(input_fn(8), epochs=2, steps_per_epoch=3, verbose=0)
    print('RESULT', name, *history.history['loss'])
    print('RESULT', name + '_acc', *history.history['acc'])
print('RESULT evaluate', *model.evaluate(input_fn(6), steps=4, verbose=0))
path = os.path.join(tempfile.mkdtemp(), 'weights.h5')
model.save_weights(path)
clone = build()
clone.load_weights(path)
print('RESULT loaded', *clone.predict(features[:2]).ravel())
print('RESULT params', model.count_params(), len(model.layers), model.layers[1].units)
