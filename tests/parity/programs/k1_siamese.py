'''Siamese MLP with a contrastive loss on pairs.'''
from __future__ import absolute_import
import numpy as np

from keras.models import Sequential, Model
from keras.layers import Dense, Dropout, Input, Lambda
from keras.optimizers import RMSprop
from keras import backend as K


def euclidean_distance(vects):
    x, y = vects
    return K.sqrt(K.maximum(K.sum(K.square(x - y), axis=1, keepdims=True), K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    return K.mean(y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(margin - y_pred, 0)))


def create_pairs(x, labels):
    pairs, targets = [], []
    for i in range(len(x)):
        for j in (i + 1, i + 3):
            pairs.append([x[i], x[j % len(x)]])
            targets.append(int(labels[i] == labels[j % len(x)]))
    return np.array(pairs), np.array(targets)


def create_base_network(input_dim):
    seq = Sequential()
    seq.add(Dense(8, input_shape=(input_dim,), activation='relu'))
    seq.add(Dropout(0.))
    seq.add(Dense(4, activation='relu'))
    return seq


def compute_accuracy(predictions, labels):
    return labels[predictions.ravel() < 0.5].mean()


r = np.random.RandomState(0)
labels = np.arange(18) % 3
x = r.normal(size=(18, 6)) + labels[:, None]
tr_pairs, tr_y = create_pairs(x, labels)

base_network = create_base_network(6)
base_network.set_weights([r.uniform(-.4, .5, w.shape) for w in base_network.get_weights()])
input_a = Input(shape=(6,))
input_b = Input(shape=(6,))
processed_a = base_network(input_a)
processed_b = base_network(input_b)
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape, name='d')([processed_a, processed_b])
model = Model(input=[input_a, input_b], output=distance)

rms = RMSprop()
model.compile(loss=contrastive_loss, optimizer=rms)
h = model.fit([tr_pairs[:, 0], tr_pairs[:, 1]], tr_y, validation_split=.25, batch_size=9, nb_epoch=4, shuffle=False,
              verbose=0)
print('RESULT loss', *h.history['loss'])
print('RESULT val_loss', *h.history['val_loss'])
pred = model.predict([tr_pairs[:, 0], tr_pairs[:, 1]])
print('RESULT pred', pred.sum(), pred.min(), pred.max())
print('RESULT accuracy', compute_accuracy(pred, tr_y))

# the tower on its own: second call of the shared network
tower = Model(input_b, base_network.get_output_at(2))
print('RESULT tower', tower.predict(x[:2]).sum(), base_network.get_output_shape_at(1)[1], model.get_layer('d').output_shape[1])
