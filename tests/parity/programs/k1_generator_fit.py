"""Regression from endless python generators (samples counted the Keras 1 way)."""
import argparse

import numpy as np


def batches(X, y, size):
    """yields for ever"""
    while 1:
        for start in range(0, len(X), size):
            yield X[start:start + size], y[start:start + size]


def only_x(X, size):
    while True:
        for start in range(0, len(X), size):
            yield X[start:start + size]


def get_model(n, lr):
    from keras.models import Sequential
    from keras.layers import Dense
    from keras.optimizers import Adam
    model = Sequential([Dense(8, input_dim=n, activation='relu', init='he_normal'), Dense(1)])
    r = np.random.RandomState(0)
    model.set_weights([r.normal(0, .4, w.shape) for w in model.get_weights()])
    model.compile(optimizer=Adam(lr), loss='mean_squared_error', metrics=['mae'])
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--epochs', type=int, default=3)
    parser.add_argument('--lr', type=float, default=0.01)
    args = parser.parse_args()

    r = np.random.RandomState(11)
    X = r.uniform(-1, 1, (60, 5))
    y = X.dot(np.array([1., -2., .5, 0., 3.])) + .2
    Xt, yt, Xv, yv = X[:48], y[:48], X[48:], y[48:]

    model = get_model(X.shape[1], args.lr)
    history = model.fit_generator(batches(Xt, yt, args.batch), samples_per_epoch=len(Xt), nb_epoch=args.epochs,
                                  validation_data=batches(Xv, yv, len(Xv)), nb_val_samples=len(Xv),
                                  max_q_size=4, nb_worker=1, pickle_safe=False, verbose=0)
    print('RESULT loss', *history.history['loss'])
    print('RESULT val_loss', *history.history['val_loss'])
    print('RESULT mae', *history.history['mean_absolute_error'])

    # positional, array as validation data
    again = model.fit_generator(batches(Xt, yt, args.batch), 24, 2, verbose=0, validation_data=(Xv, yv))
    print('RESULT again', *(again.history['loss'] + again.history['val_mean_absolute_error']))

    score = model.evaluate_generator(batches(Xt, yt, args.batch), val_samples=32)
    print('RESULT score', *score)
    pred = model.predict_generator(only_x(Xv, 4), val_samples=12)
    print('RESULT pred', pred.shape, pred.sum(), pred[-1, 0])


if __name__ == '__main__':
    main()
