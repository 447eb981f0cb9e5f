"""Highway + maxout classifier with all sorts of regularizers and constraints."""
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation, Highway, MaxoutDense
from keras.constraints import maxnorm, nonneg, unitnorm
from keras.regularizers import l1, l2, l1l2, activity_l2
from keras.utils.np_utils import to_categorical

rng = np.random.RandomState(1)
n_in, n_hidden = 8, 6
X = rng.normal(size=(32, n_in))
labels = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.3)
Y = to_categorical(labels)

model = Sequential()
model.add(Dense(n_hidden, input_dim=n_in, init='glorot_normal', W_constraint=maxnorm(2), W_regularizer=l2(.01)))
model.add(Activation('tanh'))
for _ in range(2):
    model.add(Highway(activation='relu', transform_bias=-1))
model.add(MaxoutDense(5, nb_feature=3, W_regularizer=l1(0.002)))
model.add(Dense(4, activation='relu', activity_regularizer=activity_l2(0.0005), b_constraint=nonneg()))
model.add(Dense(3, activation='softmax', W_regularizer=l1l2(l1=0.001, l2=0.003), W_constraint=unitnorm()))

for layer in model.layers:
    if layer.get_weights():
        layer.set_weights([rng.uniform(-.8, .8, p.shape) for p in layer.get_weights()])

model.compile('adagrad', 'categorical_crossentropy', ['accuracy'])
print('RESULT start', *model.evaluate(X, Y, batch_size=32, verbose=0))
h = model.fit(X, Y, batch_size=16, nb_epoch=4, verbose=0, shuffle=False)
print('RESULT loss', *h.history['loss'])
print('RESULT acc', *h.history['acc'])
W = model.layers[0].get_weights()[0]
print('RESULT norms', *np.sqrt((W ** 2).sum(axis=0))[:3])
print('RESULT last', *np.sqrt((model.layers[-1].get_weights()[0] ** 2).sum(axis=0)))
print('RESULT predict', *model.predict(X[:2]).ravel())
print('RESULT params', model.count_params())
