'''Trains a simple convnet on (synthetic) digits, after the usual MNIST example.'''
from __future__ import print_function
import numpy as np
np.random.seed(1337)  # for reproducibility

from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten
from keras.layers import Convolution2D, MaxPooling2D
from keras.utils import np_utils
from keras.regularizers import l2
from keras import backend as K

batch_size = 16
nb_classes = 4
nb_epoch = 3

# input image dimensions
img_rows, img_cols = 12, 12
# number of convolutional filters to use
nb_filters = 6
# size of pooling area for max pooling
pool_size = (2, 2)
# convolution kernel size
kernel_size = (3, 3)

# the data, split between train and test sets
labels = np.arange(64) % nb_classes
X = np.random.uniform(0, 80, (64, img_rows, img_cols))
for i, l in enumerate(labels):
    X[i, 3 * l:3 * l + 3, :] += 170
X_train, y_train = X[:48], labels[:48]
X_test, y_test = X[48:], labels[48:]

if K.image_dim_ordering() == 'th':
    X_train = X_train.reshape(X_train.shape[0], 1, img_rows, img_cols)
    X_test = X_test.reshape(X_test.shape[0], 1, img_rows, img_cols)
    input_shape = (1, img_rows, img_cols)
else:
    X_train = X_train.reshape(X_train.shape[0], img_rows, img_cols, 1)
    X_test = X_test.reshape(X_test.shape[0], img_rows, img_cols, 1)
    input_shape = (img_rows, img_cols, 1)

X_train = X_train.astype('float32')
X_test = X_test.astype('float32')
X_train /= 255
X_test /= 255

# convert class vectors to binary class matrices
Y_train = np_utils.to_categorical(y_train, nb_classes)
Y_test = np_utils.to_categorical(y_test, nb_classes)

model = Sequential()
model.add(Convolution2D(nb_filters, kernel_size[0], kernel_size[1],
                        border_mode='valid',
                        input_shape=input_shape))
model.add(Activation('relu'))
model.add(Convolution2D(nb_filters, kernel_size[0], kernel_size[1], subsample=(1, 1),
                        border_mode='same', W_regularizer=l2(0.001)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=pool_size))
model.add(Dropout(0.))
model.add(Flatten())
model.add(Dense(16, 'glorot_uniform', 'tanh'))
model.add(Dense(nb_classes))
model.add(Activation('softmax'))

rng = np.random.RandomState(7)
model.set_weights([rng.uniform(-.25, .25, w.shape) for w in model.get_weights()])

model.compile(loss='categorical_crossentropy', optimizer='adadelta', metrics=['accuracy'])
h = model.fit(X_train, Y_train, batch_size=batch_size, nb_epoch=nb_epoch,
              verbose=0, shuffle=False, validation_data=(X_test, Y_test))
score = model.evaluate(X_test, Y_test, verbose=0)
print('RESULT loss', *h.history['loss'])
print('RESULT acc', *h.history['acc'])
print('RESULT val', *(h.history['val_loss'] + h.history['val_acc']))
print('RESULT score', score[0], score[1])
print('RESULT params', model.count_params(), model.layers[4].output_shape[1:])
