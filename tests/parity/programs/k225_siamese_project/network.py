import numpy as np
from keras import backend as K
from keras.models import Model, Sequential
from keras.layers import *


def euclidean_distance(vects):
    x, y = vects
    sum_square = K.sum(K.square(x - y), axis=1, keepdims=True)
    return K.sqrt(K.maximum(sum_square, K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    '''Contrastive loss from Hadsell-et-al.'06'''
    margin = 1
    sqaure_pred = K.square(y_pred)
    margin_square = K.square(K.maximum(margin - y_pred, 0))
    return K.mean(y_true * sqaure_pred + (1 - y_true) * margin_square)


def accuracy(y_true, y_pred):
    '''Compute classification accuracy with a fixed threshold on distances.'''
    return K.mean(K.equal(y_true, K.cast(y_pred < 0.5, y_true.dtype)))


def compute_accuracy(y_true, y_pred):
    pred = y_pred.ravel() < 0.5
    return np.mean(pred == y_true)


def create_base_network(input_shape):
    seq = Sequential()
    seq.add(Conv2D(4, (3, 3), activation='relu', input_shape=input_shape, padding='same'))
    seq.add(MaxPooling2D(pool_size=(2, 2)))
    seq.add(Flatten())
    seq.add(Dense(8, activation='relu'))
    seq.add(Dropout(0))
    seq.add(Dense(3))
    rng = np.random.RandomState(21)
    for layer in seq.layers:
        layer.set_weights([rng.randn(*w.shape) * 0.25 for w in layer.get_weights()])
    return seq


def create_siamese(input_shape):
    base_network = create_base_network(input_shape)
    input_a = Input(shape=input_shape)
    input_b = Input(shape=input_shape)
    # because we re-use the same instance `base_network`, the weights will be shared
    processed_a = base_network(input_a)
    processed_b = base_network(input_b)
    distance = Lambda(euclidean_distance,
                      output_shape=eucl_dist_output_shape)([processed_a, processed_b])
    return Model([input_a, input_b], distance), base_network
