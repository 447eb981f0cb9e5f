"""LeNet with theano dimension ordering, strings for everything, ADADELTA; kernels are read back and flipped by hand."""
import numpy as np
from keras import backend as K
K.set_image_dim_ordering('th')
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten
from keras.layers import Convolution2D, MaxPooling2D, ZeroPadding2D, AveragePooling2D
from keras.optimizers import Adadelta
from keras.regularizers import l2

batch_size = 6
nb_classes = 4
nb_epoch = 3
img_rows, img_cols = 10, 12
nb_filters = 5
nb_pool = 2
nb_conv = 3

rng = np.random.RandomState(1337)
X_train = rng.rand(24, img_rows * img_cols)
X_train = X_train.reshape(X_train.shape[0], 1, img_rows, img_cols)
X_train = X_train.astype('float32')
X_train -= X_train.mean()
labels = rng.randint(0, nb_classes, 24)
Y_train = np.zeros((24, nb_classes))
Y_train[np.arange(24), labels] = 1


def scheme(shape, scale=0.2, name=None, dim_ordering='th'):
    return K.variable(rng.uniform(-scale, scale, shape), name=name)


model = Sequential()
model.add(ZeroPadding2D((1, 1), input_shape=(1, img_rows, img_cols)))
model.add(Convolution2D(nb_filters, nb_conv, nb_conv, border_mode='valid', init=scheme))
model.add(Activation('relu'))
model.add(Convolution2D(nb_filters, nb_conv, nb_conv, init=scheme, W_regularizer=l2(0.01), subsample=(1, 2)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(nb_pool, nb_pool)))
model.add(AveragePooling2D((2, 1), (1, 1), 'same'))
model.add(Dropout(0.))
model.add(Flatten())
model.add(Dense(8, init=scheme, b_regularizer='l2'))
model.add(Activation('relu'))
model.add(Dense(nb_classes, init=scheme))
model.add(Activation('softmax'))

model.compile(loss='categorical_crossentropy', optimizer=Adadelta(lr=1.0, rho=0.9), metrics=['accuracy'])
hist = model.fit(X_train, Y_train, batch_size=batch_size, nb_epoch=nb_epoch, verbose=0, shuffle=False,
                 validation_data=(X_train[:6], Y_train[:6]))
for k in ('loss', 'acc', 'val_loss', 'val_acc'):
    print('RESULT %s %s' % (k, hist.history[k]))
print('RESULT shapes %s' % ' '.join(str(l.output_shape) for l in model.layers))
score = model.evaluate(X_train, Y_train, verbose=0)
print('RESULT score %f %f' % tuple(score))
W = model.layers[1].get_weights()[0]
print('RESULT kernel %s' % (W.shape,))
print('RESULT kernel_values %s' % W.ravel()[:9])
proba = model.predict_proba(X_train[:2], verbose=0)
print('RESULT proba %s' % proba.ravel())
print('RESULT ordering %s' % K.image_dim_ordering())
