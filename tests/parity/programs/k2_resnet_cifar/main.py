#!/usr/bin/env python
"""ResNet on random 'cifar' pictures; with normal and with separable convolutions."""
from __future__ import print_function
import argparse
import numpy as np
import keras
from keras.layers import Dense, Flatten, Input, AveragePooling2D, SeparableConv2D, DepthwiseConv2D
from keras.models import Model
from keras.callbacks import LearningRateScheduler
from blocks import block, resnet_layer

ap = argparse.ArgumentParser()
ap.add_argument('--n', type=int, default=2, help='number of stacks')
ap.add_argument('--epochs', type=int, default=2)
args = vars(ap.parse_args())


def lr_schedule(epoch):
    lr = 1e-2
    if epoch > 0:
        lr *= 0.5
    print('Learning rate: ', lr)
    return lr


def resnet(input_shape, depth, classes=4, **kw):
    inputs = Input(shape=input_shape)
    x = resnet_layer(inputs)
    filters = 4
    for stack in range(depth):
        x = block(x, filters, down=stack > 0, **kw)
        filters *= 2
    x = DepthwiseConv2D((3, 3), padding='same', use_bias=False)(x)
    x = AveragePooling2D(pool_size=4)(x)
    y = Flatten()(x)
    return Model(inputs=inputs, outputs=Dense(classes, activation='softmax', kernel_initializer='he_normal')(y))


rng = np.random.RandomState(40)
x_train = rng.randint(0, 256, (16, 8, 8, 3)).astype('float32') / 255
x_train_mean = np.mean(x_train, axis=0)
x_train -= x_train_mean
y_train = keras.utils.to_categorical(rng.randint(0, 4, 16), 4)

for name, kw in (('plain', {}), ('separable', {'conv': SeparableConv2D, 'conv_first': False})):
    model = resnet(x_train.shape[1:], args['n'] if name == 'plain' else 1, **kw)
    r = np.random.RandomState(0)
    model.set_weights([r.uniform(.5, 1, w.shape) if len(w.shape) == 1 else r.normal(0, .3, w.shape) for w in model.get_weights()])
    model.compile(loss='categorical_crossentropy', optimizer=keras.optimizers.Adam(lr=lr_schedule(0)), metrics=['accuracy'])
    h = model.fit(x_train, y_train, batch_size=8, epochs=args['epochs'], verbose=0, shuffle=False,
                  validation_data=(x_train[:4], y_train[:4]), callbacks=[LearningRateScheduler(lr_schedule)])
    print('RESULT %s' % name, *h.history['loss'])
    print('RESULT %s_val' % name, *h.history['val_loss'])
    print('RESULT %s_lr' % name, *h.history['lr'])
    print('RESULT %s_params' % name, model.count_params(), len(model.layers), len(model.losses), model.layers[-3].output_shape[1:])
