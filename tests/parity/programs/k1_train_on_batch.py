# multi-output model trained batch by batch with sample weights
from keras.models import Model
from keras.layers import *
from keras.optimizers import *
import numpy as np

R = np.random.RandomState(17)


def net(lr=0.02):
    main = Input(shape=(6,), name='main_input')
    aux = Input(shape=(2,), name='aux_input')
    x = Dense(7, activation='relu', init='glorot_uniform')(main)
    side = Dense(1, activation='sigmoid', name='side')(x)
    x = merge([x, aux], mode='concat')
    x = Dense(5, activation='tanh')(x)
    top = Dense(3, activation='softmax', name='top')(x)
    m = Model(input=[main, aux], output=[top, side])
    m.set_weights([R.normal(0, .5, w.shape) for w in m.get_weights()])
    m.compile(Adagrad(lr=lr), loss={'top': 'categorical_crossentropy', 'side': 'binary_crossentropy'},
              loss_weights={'top': 1., 'side': 0.2}, metrics={'top': 'accuracy', 'side': ['acc', 'mse']})
    return m


def iterate(arrays, n):
    for i in range(0, len(arrays[0]), n):
        yield [a[i:i + n] for a in arrays]


x, a = R.normal(size=(30, 6)), R.normal(size=(30, 2))
c = (x[:, 0] > 0) * 1 + (a[:, 1] > 0) * 1
top, side = np.eye(3)[c], (x.sum(axis=1) > 0).astype(float)
w = 1. + (c == 1)

model = net()
print('RESULT names', *model.metrics_names)
for epoch in range(3):
    seen = []
    for bx, ba, bt, bs, bw in iterate([x, a, top, side, w], 10):
        seen.append(model.train_on_batch([bx, ba], [bt, bs], sample_weight=[bw, np.ones(len(bw))]))
    print('RESULT epoch%d' % epoch, *np.mean(seen, axis=0))
print('RESULT test', *model.test_on_batch([x, a], {'top': top, 'side': side}))
scores = model.evaluate({'main_input': x, 'aux_input': a}, [top, side], batch_size=15, verbose=0)
for n, s in zip(model.metrics_names, scores):
    print('RESULT', n, s)
p, q = model.predict_on_batch([x[:2], a[:2]])
print('RESULT predicted', *p.ravel(), *q.ravel())

for opt in (Adadelta(), Adamax(), Adam(lr=0.01, beta_1=0.5, epsilon=1e-8), SGD(0.05, 0.8, 0., True), RMSprop(0.003, 0.8)):
    i = Input((4,))
    m = Model(i, Dense(1, init='one', b_regularizer='l1')(i))
    m.compile(opt, 'mae')
    steps = [float(m.train_on_batch(x[:, :4], side * 2)) for _ in range(4)]
    print('RESULT ' + opt.__class__.__name__, *steps)
