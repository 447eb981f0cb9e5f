"""The beginner tutorials of 1.13 one after another: reviews, fuel efficiency, a model saved and loaded."""
from __future__ import absolute_import, division, print_function

import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.RandomState(0)
vocab_size = 30
sequences = [rng.randint(1, vocab_size, rng.randint(3, 9)).tolist() for _ in range(40)]
labels = np.array([int(sum(s) % 2) for s in sequences])
train_data = keras.preprocessing.sequence.pad_sequences(sequences, value=0, padding='post', maxlen=8)

model = keras.Sequential()
model.add(keras.layers.Embedding(vocab_size, 6))
model.add(keras.layers.GlobalAveragePooling1D())
model.add(keras.layers.Dense(6, activation=tf.nn.relu))
model.add(keras.layers.Dense(1, activation=tf.nn.sigmoid))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['acc'])
model.set_weights([rng.randn(*w.shape) * 0.3 for w in model.get_weights()])
history = model.fit(train_data[10:], labels[10:], epochs=4, batch_size=10, validation_data=(train_data[:10], labels[:10]),
                    verbose=0, shuffle=False)
history_dict = history.history
print('RESULT keys', *sorted(history_dict.keys()))
for key in ('loss', 'val_loss', 'acc', 'val_acc'):
    print('RESULT', key, *history_dict[key])
results = model.evaluate(train_data, labels, verbose=0)
print('RESULT evaluate', *results)

train_x = rng.randn(30, 5)
train_y = train_x.dot([1., -2., 0.5, 0., 3.]) + 2


def build_model():
    model = keras.Sequential([
        layers.Dense(8, activation=tf.nn.relu, input_shape=[5]),
        layers.Dense(8, activation=tf.nn.relu, kernel_regularizer=keras.regularizers.l2(0.001)),
        layers.Dropout(0.0),
        layers.Dense(1)
    ])
    optimizer = tf.keras.optimizers.RMSprop(0.01)
    model.compile(loss='mse', optimizer=optimizer, metrics=['mae', 'mse'])
    return model


class PrintDot(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        if epoch % 2 == 0:
            print('RESULT logs', epoch, *[logs[k] for k in ('loss', 'mean_absolute_error', 'val_mean_absolute_error')])


model = build_model()
model.set_weights([rng.randn(*w.shape) * 0.4 for w in model.get_weights()])
early_stop = keras.callbacks.EarlyStopping(monitor='val_loss', patience=3)
history = model.fit(train_x, train_y, epochs=5, validation_split=0.2, verbose=0, shuffle=False,
                    callbacks=[early_stop, PrintDot()])
print('RESULT mse', *history.history['val_mean_squared_error'])
loss, mae, mse = model.evaluate(train_x, train_y, verbose=0)
print('RESULT regression', loss, mae, mse)

folder = tempfile.mkdtemp()
model.save_weights(os.path.join(folder, 'weights.h5'))
fresh = build_model()
fresh.load_weights(os.path.join(folder, 'weights.h5'))
print('RESULT weights', *fresh.predict(train_x[:3]).flatten())
model.save(os.path.join(folder, 'my_model.h5'))
new_model = keras.models.load_model(os.path.join(folder, 'my_model.h5'))
print('RESULT loaded', *new_model.evaluate(train_x, train_y, verbose=0))
print('RESULT params', new_model.count_params(), len(new_model.layers), new_model.input_shape[1])
print('RESULT keys2', *sorted(history.history))
hot = keras.utils.to_categorical([0, 2, 1], 3)
print('RESULT hot', *hot.ravel())
