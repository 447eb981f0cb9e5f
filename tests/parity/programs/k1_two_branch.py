# two-tower price model: a Merge layer on top of two Sequential models
import numpy
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.layers import Merge
from keras.optimizers import SGD, RMSprop

SEED = 42
rs = numpy.random.RandomState(SEED)


class TwoTower(object):

    def __init__(self, n_text=6, n_num=3, hidden=5):
        left = Sequential()
        left.add(Dense(output_dim=hidden, input_dim=n_text, init='uniform'))
        left.add(Activation('tanh'))
        right = Sequential()
        right.add(Dense(hidden, input_shape=(n_num,), activation='relu', bias=False))
        right.add(Dropout(0.0))
        self.model = Sequential()
        self.model.add(Merge([left, right], mode='concat'))
        self.model.add(Dense(4, 'normal', activation='relu'))
        self.model.add(Dense(1, 'uniform', activation='sigmoid'))
        # reproducible start
        self.model.set_weights([rs.uniform(-.6, .6, size=w.shape) for w in self.model.get_weights()])
        sgd = SGD(lr=0.1, decay=1e-3, momentum=0.9, nesterov=True)
        self.model.compile(loss='binary_crossentropy', optimizer=sgd, metrics=['accuracy'])

    def train(self, x, y, **kw):
        return self.model.fit(x, y, verbose=0, shuffle=False, **kw)


text = rs.uniform(size=(40, 6))
nums = rs.uniform(size=(40, 3))
y = (text[:, 0] + nums[:, 1] > 1.0).astype('int')

tower = TwoTower()
# default number of epochs
hist = tower.train([text, nums], y)
print("RESULT epochs", len(hist.epoch))
print("RESULT loss", *hist.history['loss'][::3])
more = tower.train([text, nums], y, batch_size=20, nb_epoch=2, class_weight={0: 1., 1: 3.}, validation_split=0.25)
print("RESULT weighted", *more.history['loss'])
print("RESULT val", more.history['val_loss'][-1], more.history['val_acc'][-1])
print("RESULT acc", hist.history['acc'][-1])
proba = tower.model.predict_proba([text[:3], nums[:3]], verbose=0)
cls = tower.model.predict_classes([text[:8], nums[:8]], verbose=0)
print("RESULT proba", *proba.ravel())
print("RESULT classes", *cls.ravel())

# second tower, other ways to merge
l, r = Sequential(), Sequential()
l.add(Dense(3, input_dim=6, init='one'))
r.add(Dense(3, input_dim=3, init='one'))
for mode in ('sum', 'mul', 'ave'):
    m = Sequential()
    m.add(Merge([l, r], mode=mode))
    m.add(Dense(2, init='one', activation='linear'))
    m.compile(RMSprop(lr=0.01), 'mse')
    print("RESULT merged_" + mode, m.predict([text[:2], nums[:2]])[:, 0].tolist())
