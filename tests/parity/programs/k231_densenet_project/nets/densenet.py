from keras.engine.topology import get_source_inputs
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D, Input
from keras.models import Model
from keras.regularizers import l2
import keras.backend as K

from .blocks import CONCAT_AXIS, dense_block, transition_block


def DenseNet(input_shape=None, depth=40, nb_dense_block=2, growth_rate=12, nb_filter=-1, bottleneck=False, reduction=0.0,
             weight_decay=1e-4, input_tensor=None, classes=10, activation='softmax'):
    if input_tensor is None:
        img_input = Input(shape=input_shape)
    elif not K.is_keras_tensor(input_tensor):
        img_input = Input(tensor=input_tensor, shape=input_shape)
    else:
        img_input = input_tensor
    nb_layers = (depth - 4) // (2 * nb_dense_block) if bottleneck else (depth - 4) // nb_dense_block
    compression = 1.0 - reduction
    x = Conv2D(nb_filter, (3, 3), kernel_initializer='he_normal', padding='same', name='initial_conv2D', use_bias=False,
               kernel_regularizer=l2(weight_decay))(img_input)
    for block_idx in range(nb_dense_block - 1):
        x, nb_filter = dense_block(x, nb_layers, nb_filter, growth_rate, bottleneck, weight_decay)
        x = transition_block(x, nb_filter, compression, weight_decay)
        nb_filter = int(nb_filter * compression)
    x, nb_filter = dense_block(x, nb_layers, nb_filter, growth_rate, bottleneck, weight_decay)
    x = BatchNormalization(axis=CONCAT_AXIS, epsilon=1.1e-5)(x)
    x = Activation('relu')(x)
    x = GlobalAveragePooling2D()(x)
    x = Dense(classes, activation=activation)(x)
    inputs = get_source_inputs(input_tensor) if input_tensor is not None else img_input
    return Model(inputs, x, name='densenet')
