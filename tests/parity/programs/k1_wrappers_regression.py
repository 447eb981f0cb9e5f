"""House prices with the scikit-learn wrapper, then the same net by hand with validation and early stop."""
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasRegressor, KerasClassifier
from keras.callbacks import EarlyStopping, Callback
from keras.constraints import maxnorm

seed = 7
np.random.seed(seed)
X = np.random.rand(40, 6)
Y = X.dot(np.arange(6.)) + X[:, 0] * X[:, 1]


def fixed(shape, name=None):
    from keras import backend as K
    return K.variable(np.linspace(-.4, .5, int(np.prod(shape))).reshape(shape), name=name)


def larger_model(hidden=8, optimizer='adam'):
    # create model
    model = Sequential()
    model.add(Dense(hidden, input_dim=6, init=fixed, activation='relu', W_constraint=maxnorm(3)))
    model.add(Dense(4, init=fixed, activation='relu'))
    model.add(Dense(1, init=fixed))
    # Compile model
    model.compile(loss='mean_squared_error', optimizer=optimizer)
    return model


def classifier():
    model = Sequential()
    model.add(Dense(5, input_dim=6, init=fixed, activation='tanh'))
    model.add(Dense(3, init=fixed, activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
    return model


estimator = KerasRegressor(build_fn=larger_model, nb_epoch=5, batch_size=5, verbose=0)
hist = estimator.fit(X, Y, shuffle=False)
print('RESULT fit %s' % hist.history['loss'])
print('RESULT predict %s' % estimator.predict(X[:4]))
print('RESULT score %s' % estimator.score(X, Y))
estimator.set_params(hidden=5, nb_epoch=2)
estimator.fit(X, Y, shuffle=False)
print('RESULT changed %s %s' % (estimator.predict(X[:2]), sorted(estimator.get_params())))
labels = np.argmax(X[:, :3], 1)
clf = KerasClassifier(classifier, nb_epoch=4, batch_size=8, verbose=0)
clf.fit(X, labels, shuffle=False)
print('RESULT classes %s' % clf.predict(X[:8]))
print('RESULT proba %s' % clf.predict_proba(X[:2]).ravel())
print('RESULT acc %s' % clf.score(X, labels))

folds = np.arange(40) % 4
scores = []
for f in range(2):
    net = larger_model(optimizer='adadelta')
    train, test = folds != f, folds == f
    h = net.fit(X[train], Y[train], validation_split=0.2, nb_epoch=6, batch_size=6, verbose=0, shuffle=False,
                callbacks=[EarlyStopping('val_loss', 0, 2, 0, 'min')])
    scores.append(net.evaluate(X[test], Y[test], verbose=0))
    print('RESULT fold%d %d %s' % (f, len(h.epoch), h.history['val_loss']))
print('RESULT mean %.5f %.5f' % (np.mean(scores), np.std(scores)))
