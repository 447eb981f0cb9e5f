"""Triplet network over a shared embedder; anchor, positive and negative joined in one output for the loss."""
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten, Input, Lambda, MaxPooling2D, concatenate
from keras.models import Model, Sequential
from keras.optimizers import SGD

ALPHA = 0.2
EMB = 5


def create_base_network(in_dims, out_dims):
    model = Sequential()
    model.add(Conv2D(6, (3, 3), padding='same', input_shape=in_dims, activation='relu', name='conv1'))
    model.add(MaxPooling2D((2, 2), (2, 2), padding='same', name='pool1'))
    model.add(Conv2D(8, (3, 3), padding='same', activation='relu', name='conv2'))
    model.add(MaxPooling2D((2, 2), (2, 2), padding='same', name='pool2'))
    model.add(Flatten(name='flatten'))
    model.add(Dense(out_dims, name='embeddings'))
    model.add(Lambda(lambda x: K.l2_normalize(x, axis=-1)))
    return model


def triplet_loss(y_true, y_pred, alpha=ALPHA):
    total_length = y_pred.shape.as_list()[-1]
    anchor = y_pred[:, 0:int(total_length * 1 / 3)]
    positive = y_pred[:, int(total_length * 1 / 3):int(total_length * 2 / 3)]
    negative = y_pred[:, int(total_length * 2 / 3):int(total_length * 3 / 3)]
    pos_dist = K.sum(K.square(anchor - positive), axis=1)
    neg_dist = K.sum(K.square(anchor - negative), axis=1)
    basic_loss = pos_dist - neg_dist + alpha
    return K.maximum(basic_loss, 0.0)


def pos_rate(y_true, y_pred):
    a, p, n = y_pred[:, :EMB], y_pred[:, EMB:2 * EMB], y_pred[:, 2 * EMB:]
    ok = K.less(K.sum(K.square(a - p), axis=-1), K.sum(K.square(a - n), axis=-1))
    return K.mean(K.cast(ok, K.floatx()))


anchor_input = Input((8, 8, 1), name='anchor_input')
positive_input = Input((8, 8, 1), name='positive_input')
negative_input = Input((8, 8, 1), name='negative_input')

Shared_DNN = create_base_network((8, 8, 1), EMB)
r = np.random.RandomState(3)
for layer in Shared_DNN.layers:
    if layer.get_weights():
        layer.set_weights([r.normal(0, 0.3, size=w.shape) for w in layer.get_weights()])

encoded = [Shared_DNN(t) for t in (anchor_input, positive_input, negative_input)]
merged_vector = concatenate(encoded, axis=-1, name='merged_layer')
model = Model(inputs=[anchor_input, positive_input, negative_input], outputs=merged_vector)
model.compile(loss=triplet_loss, optimizer=SGD(lr=0.05, momentum=0.9, nesterov=True), metrics=[pos_rate])

X = r.rand(3, 24, 8, 8, 1)
dummy = np.empty((24, 3 * EMB))
dummy[:] = 0
hist = model.fit([X[0], X[1], X[2]], y=dummy, batch_size=8, epochs=4, shuffle=False, verbose=0,
                 validation_data=([X[2], X[0], X[1]], dummy))
for key in sorted(hist.history):
    print('RESULT', key, ' '.join(str(float(v)) for v in hist.history[key]))

trained_model = Model(inputs=anchor_input, outputs=encoded[0])
emb = trained_model.predict(X[1][:4])
print('RESULT emb_shape', *emb.shape)
for row in emb:
    print('RESULT emb', *[round(float(v), 6) for v in row])
print('RESULT norms', *np.linalg.norm(emb, axis=1))
print('RESULT conv_sum', np.abs(Shared_DNN.get_layer('conv1').get_weights()[0]).sum())
