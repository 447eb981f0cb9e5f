"""compares optimizers by name"""
import numpy as np
import keras.layers as L
from keras.models import Model


def softmax_regression(seed=4):
    inp = L.Input(shape=(5,))
    out = L.Dense(3, activation='softmax', kernel_initializer='zeros')(inp)
    return Model(inputs=inp, outputs=out)


r = np.random.RandomState(18)
X = r.normal(size=(30, 5))
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > .5)

results = {}
for optimizer in ['adadelta', 'adagrad', 'adamax', 'nadam']:
    model = softmax_regression()
    model.compile(optimizer=optimizer, loss='sparse_categorical_crossentropy')
    hist = model.fit(X, Y[:, None], batch_size=6, epochs=5, shuffle=False, verbose=0)
    results[optimizer] = hist.history['loss']
    print('RESULT', optimizer, *results[optimizer])
# who is the quickest?
print('RESULT best', min(results, key=lambda k: results[k][-1]))
