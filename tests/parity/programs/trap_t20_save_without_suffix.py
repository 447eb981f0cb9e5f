"""Training in two sessions: the first one saves the model, the second goes on if there is a file"""
import os
import tempfile
import numpy as np
from keras.models import Sequential, load_model
from keras.layers import Dense


def new_model():
    m = Sequential()
    m.add(Dense(1, input_dim=2, kernel_initializer='zeros'))
    m.compile(loss='mse', optimizer='sgd')
    return m


def session(path, x, y):
    model = load_model(path) if os.path.exists(path) else new_model()
    h = model.fit(x, y, batch_size=5, epochs=2, verbose=0, shuffle=False)
    try:
        model.save(path)
    except Exception as e:   # disk full etc.: do not lose the results
        print('model was not saved: %s' % e)
    return h.history['loss'], model


if __name__ == '__main__':
    rng = np.random.RandomState(44)
    x = rng.normal(size=(20, 2))
    y = x[:, 0] - 2 * x[:, 1]
    path = os.path.join(tempfile.mkdtemp(), 'my_model')
    for i in range(3):
        losses, model = session(path, x, y)
        print('RESULT session', i, *losses)
        print('RESULT file', int(os.path.isfile(path)))
    print('RESULT weights', *model.get_weights()[0].ravel())
