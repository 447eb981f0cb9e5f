'''Little segmentation net: atrous convolutions down, deconvolution and upsampling up.'''
import numpy as np
from keras import backend as K
from keras.layers import Input, Convolution2D, AtrousConvolution2D, Deconvolution2D, UpSampling2D
from keras.layers.convolutional import ZeroPadding2D, Cropping2D, AveragePooling2D
from keras.models import Model

B, H, W = 4, 8, 8


def blur(shape, name=None, dim_ordering='tf'):
    """the same smooth stencil for all pairs of channels"""
    k = np.zeros(shape)
    for r in range(shape[0]):
        for c in range(shape[1]):
            k[r, c] = 1. / (1 + r + 2 * c)
    return K.variable(k / k.sum() * 2, name=name)


def build():
    img = Input(batch_shape=(B, H, W, 1))
    x = ZeroPadding2D((1, 1), dim_ordering='tf')(img)
    x = Convolution2D(2, 3, 3, activation='relu', init=blur, dim_ordering='tf')(x)
    x = AtrousConvolution2D(2, 3, 3, atrous_rate=(2, 2), border_mode='same', init=blur, activation='tanh',
                            dim_ordering='tf')(x)
    x = AveragePooling2D((2, 2), dim_ordering='tf')(x)
    x = Convolution2D(1, 1, 1, init='one', border_mode='same', bias=False, dim_ordering='tf')(x)
    up = Deconvolution2D(1, 3, 3, output_shape=(B, H, W, 1), subsample=(2, 2), border_mode='same', init=blur,
                         dim_ordering='tf')(x)
    other = UpSampling2D(size=(2, 2), dim_ordering='tf')(x)
    small = Cropping2D(((1, 1), (2, 2)), dim_ordering='tf')(up)
    return Model(img, up), Model(img, [other, small])


seg, aux = build()
g = np.linspace(0, 1, B * H * W).reshape((B, H, W, 1))
X = np.sin(9 * g ** 2)
T = (X > .4).astype('float32')
seg.compile(loss='mse', optimizer='rmsprop')
out = seg.predict(X, batch_size=B)
print('RESULT before', out.mean(), out[0, 2, 3, 0], out[3, 7, 7, 0])
for step in range(4):
    print('RESULT step%d' % step, float(seg.train_on_batch(X, T)))
o, s = aux.predict(X, B)
print('RESULT shapes', o.shape, s.shape)
print('RESULT after', o.mean(), s.mean(), seg.predict(X, batch_size=B).std())
print('RESULT ordering', K.image_dim_ordering())
