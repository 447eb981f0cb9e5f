from keras.models import Sequential
from keras.layers.core import Dense, Flatten, Activation
from keras.layers.convolutional import Conv2D, ZeroPadding2D, AveragePooling2D

WIDTHS = {'small': 4, 'wide': 16}


def build(arch, input_shape, nb_classes, rng):
    n = WIDTHS[arch]
    model = Sequential([
        ZeroPadding2D((1, 1), input_shape=input_shape),
        Conv2D(n, (3, 3), strides=(2, 2), use_bias=False, name='conv1'),
        Activation('relu'),
        Conv2D(n, 2, padding='same', name='conv2'),
        Activation('elu'),
        AveragePooling2D(),
        Flatten(),
        Dense(nb_classes),
        Activation('softmax'),
    ])
    for layer in model.layers:
        if len(layer.get_weights()):
            layer.set_weights([rng.normal(0., .2, w.shape) for w in layer.get_weights()])
    return model
