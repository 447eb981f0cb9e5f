"""Batch-normalised residual net after only a few steps, used for prediction right away"""
from keras.layers import Input, Conv2D, BatchNormalization, Activation, GlobalMaxPooling2D, Dense, add
from keras.models import Model
import numpy as np


def bn_relu_conv(x, n):
    x = BatchNormalization(axis=3)(x)
    x = Activation('relu')(x)
    return Conv2D(n, (3, 3), padding='same', use_bias=False)(x)


def resnet(n=3, blocks=2):
    inp = Input((6, 6, 3))
    x = inp
    for _ in range(blocks):
        x = add([x, bn_relu_conv(x, n)])
    x = GlobalMaxPooling2D()(BatchNormalization()(x))
    return Model(inp, Dense(2, activation='softmax')(x))


net = resnet()
r = np.random.RandomState(2017)
for l in net.layers:
    if not isinstance(l, BatchNormalization):
        l.set_weights([r.normal(0, .3, w.shape) for w in l.get_weights()])
net.compile(loss='categorical_crossentropy', optimizer='sgd')
data, labels = 5 + 2 * r.normal(size=(12, 6, 6, 3)), np.eye(2)[[0, 1] * 6]
data *= np.linspace(.5, 1.5, 12).reshape((-1, 1, 1, 1))
for step in range(3):
    loss = net.train_on_batch(data[4 * step:4 * step + 4], labels[4 * step:4 * step + 4])
    first = [l for l in net.layers if isinstance(l, BatchNormalization)][0].get_weights()
    print('RESULT step', step, loss, *np.concatenate(first[2:]))
print('RESULT test_loss', net.evaluate(data, labels, verbose=0))
print('RESULT pred', *net.predict(data[:3])[:, 0])
