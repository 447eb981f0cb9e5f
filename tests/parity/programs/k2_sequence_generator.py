"""keras.utils.Sequence and plain generators with workers."""
import math
import numpy as np
import keras
from keras.utils import Sequence, to_categorical


class DataGenerator(keras.utils.Sequence):
    'Generates data for Keras'
    def __init__(self, list_IDs, labels, batch_size=8, n_classes=3, shuffle=True, **kw):
        self.batch_size, self.labels, self.list_IDs = batch_size, labels, list_IDs
        self.n_classes, self.shuffle = n_classes, shuffle
        self.on_epoch_end()

    def __len__(self):
        return int(math.ceil(len(self.list_IDs) / float(self.batch_size)))

    def __getitem__(self, index):
        ids = self.indexes[index * self.batch_size:(index + 1) * self.batch_size]
        return self.__data_generation([self.list_IDs[k] for k in ids])

    def on_epoch_end(self):
        self.indexes = np.arange(len(self.list_IDs))
        if self.shuffle == True:
            np.random.shuffle(self.indexes)

    def __data_generation(self, ids):
        X = np.empty((len(ids), 5))
        y = np.empty((len(ids)), dtype=int)
        for i, ID in enumerate(ids):
            X[i,] = np.sin(np.arange(5) * (ID + 1))
            y[i] = self.labels[ID]
        return X, keras.utils.to_categorical(y, num_classes=self.n_classes)


def two_inputs(gen):
    while True:
        for i in range(len(gen)):
            x, y = gen[i]
            yield [x[:, :2], x[:, 2:]], y


def inputs_only(gen):
    for x, y in two_inputs(gen):
        yield x


params = {'batch_size': 8, 'n_classes': 3, 'shuffle': False}
labels = {i: i % 3 for i in range(40)}
training, validation = DataGenerator(list(range(24)), labels, **params), DataGenerator(list(range(24, 34)), labels, **params)
r = np.random.RandomState(55)

model = keras.models.Sequential()
model.add(keras.layers.Dense(8, activation='relu', input_shape=(5,)))
model.add(keras.layers.Dense(3, activation='softmax'))
model.set_weights([r.normal(0, .6, w.shape) for w in model.get_weights()])
model.compile(optimizer=keras.optimizers.SGD(0.1, 0.9), loss='categorical_crossentropy', metrics=['accuracy'])
hist = model.fit_generator(generator=training, validation_data=validation, epochs=3, verbose=0,
                           use_multiprocessing=False, workers=2, shuffle=False, max_queue_size=5)
print('RESULT loss', *hist.history['loss'])
print('RESULT acc', *hist.history['acc'])
print('RESULT val', *(hist.history['val_loss'] + hist.history['val_acc']))
print('RESULT evaluate', *model.evaluate_generator(training, workers=1))
print('RESULT evaluate2', *model.evaluate_generator(training, 2))
p = model.predict_generator(validation)
print('RESULT predict', p.shape, *p[-1])

a, b = keras.layers.Input((2,)), keras.layers.Input((3,))
m = keras.layers.add([keras.layers.Dense(4)(a), keras.layers.Dense(4)(b)])
m = keras.layers.Dense(3, activation='softmax')(keras.layers.Activation('relu')(m))
both = keras.models.Model([a, b], m)
both.set_weights([r.normal(0, .6, w.shape) for w in both.get_weights()])
both.compile('adam', 'categorical_crossentropy')
h = both.fit_generator(two_inputs(training), 3, 4, verbose=0, shuffle=False, validation_data=next(two_inputs(validation)))
print('RESULT both', *h.history['loss'])
print('RESULT both_val', *h.history['val_loss'])
print('RESULT steps', both.predict_generator(inputs_only(training), 2).shape)
print('RESULT both_eval', both.evaluate_generator(two_inputs(training), steps=len(training)))
