"""Save the architecture as json and the weights as h5, load them elsewhere, classify."""
import json
import os
import tempfile
import numpy as np
from keras.models import Sequential, Model, model_from_json, load_model, clone_model
from keras.layers import Dense, Activation, InputLayer, ThresholdedReLU
from keras.optimizers import Adam
from keras.utils.generic_utils import CustomObjectScope, get_custom_objects
from keras import backend as K


def swish(x):
    return K.sigmoid(x) * x


def log_cosh_like(y_true, y_pred):
    return K.mean(K.softplus(2 * (y_pred - y_true)) - (y_pred - y_true), axis=-1)


get_custom_objects().update({'swish': swish})


def create(n_in, n_classes):
    model = Sequential()
    model.add(Dense(6, input_shape=(n_in,)))
    model.add(Activation('swish'))
    model.add(Dense(n_classes, activation='softmax'))
    return model


def main():
    directory = tempfile.mkdtemp()
    r = np.random.RandomState(23)
    X = r.normal(size=(30, 4))
    y = np.argmax(X[:, :3], axis=1)
    model = create(4, 3)
    model.set_weights([r.normal(0, .6, w.shape) for w in model.get_weights()])
    model.compile(Adam(lr=1e-2, amsgrad=True), loss='sparse_categorical_crossentropy', metrics=['accuracy'])
    h = model.fit(X, y, epochs=3, batch_size=10, verbose=0, shuffle=False)
    print('RESULT loss', *h.history['loss'])

    with open(os.path.join(directory, 'model.json'), 'w') as f:
        f.write(model.to_json())
    model.save_weights(os.path.join(directory, 'model.h5'))

    with open(os.path.join(directory, 'model.json')) as f:
        text = f.read()
    loaded = model_from_json(text)
    loaded.load_weights(os.path.join(directory, 'model.h5'))
    print('RESULT json', json.loads(text)['class_name'], len(loaded.layers))
    print('RESULT classes', *loaded.predict_classes(X[:10]))
    print('RESULT proba', *loaded.predict_proba(X[:2]).ravel())
    loaded.compile(loss='sparse_categorical_crossentropy', optimizer='adam', metrics=['acc', 'sparse_categorical_accuracy'])
    score = loaded.evaluate(X, y, verbose=0)
    print('RESULT %s' % loaded.metrics_names[1], *score)

    plain = Sequential([Dense(2, input_dim=4, name='d'), ThresholdedReLU(theta=.2)])
    plain.set_weights([np.arange(8.).reshape(4, 2) / 10, np.array([.1, -.1])])
    from_config = Sequential.from_config(plain.get_config())
    from_config.set_weights(plain.get_weights())
    print('RESULT config', *from_config.predict(X[:2]).ravel())

    # a whole model with a custom loss
    plain.compile(loss=log_cosh_like, optimizer='sgd')
    plain.fit(X, X[:, :2], batch_size=15, epochs=2, verbose=0, shuffle=False)
    path = os.path.join(directory, 'full.h5')
    plain.save(path)
    full = load_model(path, custom_objects={'log_cosh_like': log_cosh_like})
    print('RESULT full', full.evaluate(X, X[:, :2], verbose=0))
    with CustomObjectScope({'log_cosh_like': log_cosh_like}):
        h = load_model(path).fit(X, X[:, :2], batch_size=15, epochs=1, verbose=0, shuffle=False)
    print('RESULT continued', *h.history['loss'])
    binary = Sequential([Dense(1, input_dim=4, kernel_initializer='ones', activation='sigmoid')])
    print('RESULT binary', *binary.predict_classes(X[:6]).ravel(), clone_model(binary).count_params())


if __name__ == '__main__':
    main()
