from keras import backend as K
from keras.layers import Activation, AveragePooling2D, BatchNormalization, Conv2D, Dropout, concatenate
from keras.regularizers import l2

CONCAT_AXIS = 1 if K.image_data_format() == 'channels_first' else -1


def conv_block(ip, nb_filter, bottleneck=False, dropout_rate=None, weight_decay=1e-4):
    with K.name_scope('conv_block'):
        x = BatchNormalization(axis=CONCAT_AXIS, epsilon=1.1e-5)(ip)
        x = Activation('relu')(x)
        if bottleneck:
            inter_channel = nb_filter * 4
            x = Conv2D(inter_channel, (1, 1), kernel_initializer='he_normal', padding='same', use_bias=False,
                       kernel_regularizer=l2(weight_decay))(x)
            x = BatchNormalization(axis=CONCAT_AXIS, epsilon=1.1e-5)(x)
            x = Activation('relu')(x)
        x = Conv2D(nb_filter, (3, 3), kernel_initializer='he_normal', padding='same', use_bias=False)(x)
        if dropout_rate:
            x = Dropout(dropout_rate)(x)
    return x


def dense_block(x, nb_layers, nb_filter, growth_rate, bottleneck=False, weight_decay=1e-4):
    x_list = [x]
    for _ in range(nb_layers):
        cb = conv_block(x, growth_rate, bottleneck, None, weight_decay)
        x_list.append(cb)
        x = concatenate([x, cb], axis=CONCAT_AXIS)
        nb_filter += growth_rate
    return x, nb_filter


def transition_block(ip, nb_filter, compression=1.0, weight_decay=1e-4):
    x = BatchNormalization(axis=CONCAT_AXIS, epsilon=1.1e-5)(ip)
    x = Activation('relu')(x)
    x = Conv2D(int(nb_filter * compression), (1, 1), kernel_initializer='he_normal', padding='same', use_bias=False,
               kernel_regularizer=l2(weight_decay))(x)
    return AveragePooling2D((2, 2), strides=(2, 2))(x)
