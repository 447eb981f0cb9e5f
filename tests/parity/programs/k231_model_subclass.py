"""Subclassed model (wide & deep for ratings) trained with plain batches."""
import numpy as np
import keras
from keras.layers import Dense, Embedding, Flatten, dot, add, concatenate, Input
from keras.optimizers import RMSprop, Adagrad


class WideDeep(keras.models.Model):

    def __init__(self, n_users, n_items, dim=4, hidden=6):
        super(WideDeep, self).__init__(name='wide_deep')
        self.user = Embedding(n_users, dim, name='user')
        self.item = Embedding(n_items, dim, name='item')
        self.flat_u, self.flat_i = Flatten(), Flatten()
        self.fc = Dense(hidden, activation='relu', name='fc')
        self.out = Dense(1, name='out')

    def call(self, inputs):
        u, i = inputs
        u, i = self.flat_u(self.user(u)), self.flat_i(self.item(i))
        deep = self.fc(concatenate([u, i]))
        return self.out(concatenate([dot([u, i], axes=1), deep]))


def functional(n_users, n_items, dim=4):
    """matrix factorisation with biases"""
    u, i = Input(shape=[1], dtype='int32'), Input(shape=[1], dtype='int32')
    pu, qi = Flatten()(Embedding(n_users, dim)(u)), Flatten()(Embedding(n_items, dim)(i))
    bu, bi = Flatten()(Embedding(n_users, 1)(u)), Flatten()(Embedding(n_items, 1)(i))
    return keras.Model(inputs=[u, i], outputs=add([dot([pu, qi], axes=-1), bu, bi]))


def fill(model, seed):
    rng = np.random.RandomState(seed)
    for layer in model.layers:
        layer.set_weights([rng.uniform(-.4, .4, w.shape) for w in layer.get_weights()])


def run(tag, model, users, items, ratings, optimizer):
    model.compile(loss='mean_squared_error', optimizer=optimizer, metrics=['mae'])
    model.predict([users, items])
    fill(model, 9)
    for epoch in range(3):
        for s in range(0, len(users), 10):
            loss, mae = model.train_on_batch([users[s:s + 10], items[s:s + 10]], ratings[s:s + 10])
        print('RESULT', tag, epoch, loss, mae)
    print('RESULT', tag + '_test', *model.test_on_batch([users, items], ratings))
    print('RESULT', tag + '_pred', *model.predict_on_batch([users[:4], items[:4]]).ravel())


if __name__ == '__main__':
    rs = np.random.RandomState(50)
    users, items = rs.randint(0, 8, (30, 1)), rs.randint(0, 5, (30, 1))
    ratings = 1. + ((users + 2 * items) % 5)
    run('mf', functional(8, 5), users, items, ratings, Adagrad(learning_rate=.2))
    run('wd', WideDeep(8, 5), users, items, ratings, RMSprop(lr=.02))
