from keras import layers
from keras.layers import Conv2D, BatchNormalization, Activation, SeparableConv2D, DepthwiseConv2D
from keras.regularizers import l2

BN_AXIS = -1


def resnet_layer(inputs, num_filters=4, kernel_size=3, strides=1, activation='relu', batch_normalization=True,
                 conv_first=True, conv=Conv2D):
    conv = conv(num_filters, kernel_size=kernel_size, strides=strides, padding='same',
                kernel_initializer='he_normal', **({'kernel_regularizer': l2(1e-3)} if conv is Conv2D else {}))
    x = inputs
    if conv_first:
        x = conv(x)
        if batch_normalization:
            x = BatchNormalization(axis=BN_AXIS, momentum=0.9, epsilon=1e-3)(x)
        if activation is not None:
            x = Activation(activation)(x)
    else:
        if batch_normalization:
            x = BatchNormalization(scale=False)(x)
        if activation is not None:
            x = Activation(activation)(x)
        x = conv(x)
    return x


def block(x, filters, down=False, **kw):
    y = resnet_layer(x, filters, strides=2 if down else 1, **kw)
    y = resnet_layer(y, filters, activation=None, **kw)
    if down:
        x = resnet_layer(x, filters, kernel_size=1, strides=2, activation=None, batch_normalization=False)
    x = layers.add([x, y])
    return Activation('relu')(x)
