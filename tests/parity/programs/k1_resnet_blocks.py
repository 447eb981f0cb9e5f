"""Small residual network, conv_block/identity_block style with merge(mode='sum')."""
from keras.layers import merge, Input
from keras.layers import Dense, Activation, Flatten
from keras.layers import Convolution2D, MaxPooling2D, ZeroPadding2D, AveragePooling2D, GlobalAveragePooling2D
from keras.layers import BatchNormalization
from keras.models import Model
import keras.backend as K
import numpy as np


def identity_block(input_tensor, kernel_size, filters, stage, block):
    nb_filter1, nb_filter2 = filters
    bn_axis = 3 if K.image_dim_ordering() == 'tf' else 1
    conv_name_base = 'res' + str(stage) + block + '_branch'
    bn_name_base = 'bn' + str(stage) + block + '_branch'

    x = Convolution2D(nb_filter1, 1, 1, name=conv_name_base + '2a')(input_tensor)
    x = BatchNormalization(axis=bn_axis, name=bn_name_base + '2a')(x)
    x = Activation('relu')(x)
    x = Convolution2D(nb_filter2, kernel_size, kernel_size, border_mode='same', name=conv_name_base + '2b')(x)
    x = BatchNormalization(axis=bn_axis, name=bn_name_base + '2b')(x)
    x = merge([x, input_tensor], mode='sum')
    return Activation('relu')(x)


def conv_block(input_tensor, filters, stage, block, strides=(2, 2)):
    x = BatchNormalization(1e-4, 0, -1, 0.9)(input_tensor)   # epsilon, mode, axis, momentum
    x = Activation('relu')(x)
    x = Convolution2D(filters, 3, 3, subsample=strides, border_mode='same', init='he_normal')(x)
    shortcut = Convolution2D(filters, 1, 1, subsample=strides, bias=False)(input_tensor)
    shortcut = BatchNormalization(mode=0, axis=3, momentum=0.8)(shortcut)
    return merge([x, shortcut], mode='sum', name='add_%d%s' % (stage, block))


def ResNet(classes=3):
    img_input = Input(shape=(16, 16, 3))
    x = ZeroPadding2D((1, 1))(img_input)
    x = Convolution2D(4, 5, 5, subsample=(2, 2), name='conv1')(x)
    x = BatchNormalization(axis=3, name='bn_conv1')(x)
    x = Activation('relu')(x)
    x = MaxPooling2D((3, 3), strides=(2, 2), border_mode='same')(x)
    x = identity_block(x, 3, [2, 4], stage=2, block='a')
    x = conv_block(x, 6, 3, 'b')
    x = AveragePooling2D((2, 2), name='avg_pool')(x)
    x = Flatten()(x)
    x = Dense(classes, activation='softmax', name='fc')(x)
    return Model(img_input, x)


model = ResNet()
r = np.random.RandomState(21)
new = []
for w in model.get_weights():
    new.append(r.uniform(.5, 1.5, w.shape) if w.ndim == 1 else r.normal(0, .3, w.shape))
model.set_weights(new)
X = r.normal(size=(12, 16, 16, 3))
Y = np.eye(3)[np.arange(12) % 3]
print('RESULT shapes', *[model.get_layer(n).output_shape[1:] for n in ('conv1', 'bn2a_branch2b', 'add_3b', 'avg_pool')])
print('RESULT before', *model.predict(X)[:2].ravel())
model.compile(optimizer='sgd', loss='categorical_crossentropy', metrics=['accuracy'])
for epoch in range(2):
    l = [model.train_on_batch(X[i:i + 6], Y[i:i + 6])[0] for i in (0, 6)]
    print('RESULT epoch%d' % epoch, *l)
print('RESULT test', *model.test_on_batch(X, Y))
print('RESULT moving', *model.get_layer('bn_conv1').get_weights()[2])
print('RESULT after', *model.predict(X)[:2].ravel())
