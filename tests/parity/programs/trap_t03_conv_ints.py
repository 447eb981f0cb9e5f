# Conv2D(filters, rows, cols): integers as people wrote them since Keras 0.x
from keras import layers, backend as K
from keras.models import Sequential
import numpy as np

FILTERS = [4, 6]


def net():
    m = Sequential()
    m.add(layers.Conv2D(FILTERS[0], 3, 3, input_shape=(14, 14, 2), activation='relu'))
    m.add(layers.Conv2D(FILTERS[1], 2, 2))
    m.add(layers.MaxPooling2D(2, 2))
    m.add(layers.Flatten())
    m.add(layers.Dense(2, activation='softmax'))
    rs = np.random.RandomState(0)
    for l in m.layers:
        l.set_weights([rs.normal(scale=.1, size=w.shape) for w in l.get_weights()])
    return m


if __name__ == '__main__':
    m = net()
    for i, l in enumerate(m.layers[:3]):
        print('RESULT shape', i, *K.int_shape(l.output)[1:])
    print('RESULT params', m.count_params())
    x = np.random.RandomState(1).uniform(size=(3, 14, 14, 2))
    m.compile('sgd', 'categorical_crossentropy')
    print('RESULT loss', m.train_on_batch(x, np.eye(2)[[0, 1, 0]]))
    print('RESULT pred', *m.predict(x).ravel())
