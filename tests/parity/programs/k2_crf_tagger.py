# -*- coding: utf-8 -*-
"""Sequence labelling: linear-chain CRF as a layer, log partition by K.rnn, Viterbi in numpy."""
import numpy as np
import keras
from keras.layers import Layer, Input, Conv1D, Embedding
from keras.models import Model
import keras.backend as K


class CRF(Layer):
    """Transition scores are the only weights; the loss is the negative log likelihood."""

    def __init__(self, ignore_last_label=False, **kwargs):
        self.ignore_last_label = 1 if ignore_last_label else 0
        super(CRF, self).__init__(**kwargs)

    def build(self, input_shape):
        self.num_labels = input_shape[-1] - self.ignore_last_label
        self.trans = self.add_weight(name='crf_trans', shape=(self.num_labels, self.num_labels),
                                     initializer='glorot_uniform', trainable=True)

    def log_norm_step(self, inputs, states):
        inputs, mask = inputs[:, :-1], inputs[:, -1:]
        states = K.expand_dims(states[0], 2)  # (batch, labels, 1)
        trans = K.expand_dims(self.trans, 0)
        outputs = K.logsumexp(states + trans, 1)
        outputs = outputs + inputs
        outputs = mask * outputs + (1 - mask) * states[:, :, 0]
        return outputs, [outputs]

    def path_score(self, inputs, labels):
        point_score = K.sum(K.sum(inputs * labels, 2), 1, keepdims=True)
        labels1 = K.expand_dims(labels[:, :-1], 3)
        labels2 = K.expand_dims(labels[:, 1:], 2)
        labels = labels1 * labels2  # pairs of neighbours
        trans = K.expand_dims(K.expand_dims(self.trans, 0), 0)
        trans_score = K.sum(K.sum(trans * labels, [2, 3]), 1, keepdims=True)
        return point_score + trans_score

    def call(self, inputs):
        return inputs

    def loss(self, y_true, y_pred):
        if self.ignore_last_label:
            mask = 1 - y_true[:, :, -1:]
        else:
            mask = K.ones_like(y_pred[:, :, :1])
        y_true, y_pred = y_true[:, :, :self.num_labels], y_pred[:, :, :self.num_labels]
        path_score = self.path_score(y_pred, y_true)
        init_states = [y_pred[:, 0]]
        y_pred = K.concatenate([y_pred, mask])
        log_norm, _, _ = K.rnn(self.log_norm_step, y_pred[:, 1:], init_states)
        log_norm = K.logsumexp(log_norm, 1, keepdims=True)
        return log_norm - path_score

    def accuracy(self, y_true, y_pred):
        mask = 1 - y_true[:, :, -1] if self.ignore_last_label else None
        y_true, y_pred = y_true[:, :, :self.num_labels], y_pred[:, :, :self.num_labels]
        isequal = K.equal(K.argmax(y_true, 2), K.argmax(y_pred, 2))
        isequal = K.cast(isequal, 'float32')
        if mask is None:
            return K.mean(isequal)
        else:
            return K.sum(isequal * mask) / K.sum(mask)


embedding_size = 6
x = Input(shape=(None,), dtype='int32')
embedding = Embedding(15, embedding_size)(x)
cnn = Conv1D(8, 3, activation='relu', padding='same')(embedding)
tag_score = Conv1D(5, 1)(cnn)
crf = CRF(True)
tag_score = crf(tag_score)
model = Model(inputs=x, outputs=tag_score)
rng = np.random.RandomState(6)
model.set_weights([rng.uniform(-.6, .6, w.shape) for w in model.get_weights()])
model.compile(loss=crf.loss, optimizer='adam', metrics=[crf.accuracy])
model.optimizer.lr = 0.01


def batches(n):
    while True:
        lengths = rng.randint(3, 8, n)
        X, Y = np.zeros((n, 7), 'int32'), np.zeros((n, 7, 5))
        Y[:, :, 4] = 1
        for i, l in enumerate(lengths):
            X[i, :l] = rng.randint(1, 15, l)
            Y[i, :l] = np.eye(5)[X[i, :l] % 4]
        yield X, Y


gen = batches(8)
for e in range(3):
    h = model.fit_generator(gen, steps_per_epoch=3, epochs=1, verbose=0, workers=0)
    print('RESULT epoch%d' % e, h.history['loss'][0], h.history['accuracy'][0])


def viterbi(nodes, trans):
    paths, scores = [[j] for j in range(4)], nodes[0]
    for l in range(1, len(nodes)):
        m = scores[:, None] + trans
        best = m.argmax(0)
        scores = m.max(0) + nodes[l]
        paths = [paths[best[j]] + [j] for j in range(4)]
    return paths[int(scores.argmax())], scores.max()


X, Y = next(gen)
trans = K.eval(crf.trans)
print('RESULT trans', *trans.ravel())
nodes = model.predict(X[:1])[0][:, :4]
path, score = viterbi(nodes, trans)
print('RESULT path', *path)
print('RESULT score', score)
