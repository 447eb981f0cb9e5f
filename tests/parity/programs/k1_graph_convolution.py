"""Graph convolution: a layer on [features, adjacency], get_output_shape_for of lists, semi-supervised with masks as weights."""
from __future__ import print_function
from keras import activations, initializations
from keras import regularizers
from keras.engine import Layer
from keras.layers import Input, Dropout
from keras.models import Model
from keras.optimizers import Adam
from keras.regularizers import l2
import keras.backend as K
import numpy as np


class GraphConvolution(Layer):
    def __init__(self, output_dim, support=1, init='glorot_uniform', activation='linear', W_regularizer=None,
                 bias=False, input_dim=None, **kwargs):
        self.init = initializations.get(init)
        self.activation = activations.get(activation)
        self.output_dim = output_dim
        self.support = support
        self.W_regularizer = regularizers.get(W_regularizer)
        self.bias = bias
        self.input_dim = input_dim
        if self.input_dim:
            kwargs['input_shape'] = (self.input_dim,)
        super(GraphConvolution, self).__init__(**kwargs)

    def get_output_shape_for(self, input_shapes):
        features_shape = input_shapes[0]
        return (features_shape[0], self.output_dim)

    def build(self, input_shapes):
        features_shape = input_shapes[0]
        assert len(features_shape) == 2
        self.input_dim = features_shape[1]
        self.W = self.add_weight((self.input_dim * self.support, self.output_dim), initializer=self.init,
                                 name='{}_W'.format(self.name), regularizer=self.W_regularizer)
        if self.bias:
            self.b = self.add_weight((self.output_dim,), initializer='zero', name='{}_b'.format(self.name))
        self.built = True

    def call(self, inputs, mask=None):
        features = inputs[0]
        A = inputs[1:]
        supports = list()
        for i in range(self.support):
            supports.append(K.dot(A[i], features))
        supports = K.concatenate(supports, axis=1)
        output = K.dot(supports, self.W)
        if self.bias:
            output += self.b
        return self.activation(output)

    def get_config(self):
        config = {'output_dim': self.output_dim, 'init': self.init.__name__, 'bias': self.bias, 'input_dim': self.input_dim}
        return dict(list(super(GraphConvolution, self).get_config().items()) + list(config.items()))


N, F, C = 12, 5, 3
rng = np.random.RandomState(10)
X = rng.rand(N, F)
A = (rng.rand(N, N) > .7).astype('float32')
A = np.maximum(A, A.T) + np.eye(N)
d = np.power(A.sum(1), -0.5)
A_ = A * d[:, None] * d[None, :]
y = np.eye(C)[rng.randint(0, C, N)]
train_mask = np.array([1] * 6 + [0] * 6, dtype=bool)

G = [Input(shape=(None, None), batch_shape=(None, None))]
X_in = Input(shape=(F,))
H = Dropout(0.)(X_in)
H = GraphConvolution(4, 1, activation='relu', W_regularizer=l2(5e-4), bias=True)([H] + G)
H = Dropout(0.)(H)
Y = GraphConvolution(C, 1, activation='softmax')([H] + G)
model = Model(input=[X_in] + G, output=Y)
model.compile(loss='categorical_crossentropy', optimizer=Adam(lr=0.02))
model.set_weights([rng.normal(0, .5, w.shape) for w in model.get_weights()])
graph = [X, A_]
for epoch in range(1, 6):
    model.fit(graph, y, sample_weight=train_mask, batch_size=A.shape[0], nb_epoch=1, shuffle=False, verbose=0)
    preds = model.predict(graph, batch_size=A.shape[0])
    loss = np.mean(-np.log(np.sum(preds * y, 1)[train_mask]))
    acc = np.mean(np.equal(np.argmax(y, 1), np.argmax(preds, 1))[~train_mask])
    print("RESULT epoch{:02d} train_loss= {:.5f} val_acc= {:.4f}".format(epoch, loss, acc))
print('RESULT test', model.evaluate(graph, y, sample_weight=train_mask.astype('float32'), batch_size=N, verbose=0))
print('RESULT preds', preds[:3].ravel())
print('RESULT shape', model.layers[-1].output_shape, model.layers[-1].get_config()['init'])
