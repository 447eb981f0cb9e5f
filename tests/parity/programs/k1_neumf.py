'''
Neural matrix factorization: two pairs of embeddings, a product and a tower, joined; pretrained halves copied by name.
'''
import argparse
import heapq
import numpy as np
from keras import backend as K
from keras import initializations
from keras.regularizers import l1, l2, l1l2
from keras.models import Sequential, Model
from keras.layers.core import Dense, Lambda, Activation
from keras.layers import Embedding, Input, Dense, merge, Reshape, Merge, Flatten, Dropout
from keras.optimizers import Adagrad, Adam, SGD, RMSprop


def parse_args():
    parser = argparse.ArgumentParser(description="Run NeuMF.")
    parser.add_argument('--epochs', type=int, default=2)
    parser.add_argument('--num_factors', type=int, default=4)
    parser.add_argument('--layers', nargs='?', default='[8,4]')
    parser.add_argument('--reg_mf', type=float, default=0.001)
    parser.add_argument('--reg_layers', nargs='?', default='[0.0,0.01]')
    parser.add_argument('--lr', type=float, default=0.01)
    parser.add_argument('--learner', nargs='?', default='adam')
    return parser.parse_args()


def init_normal(shape, name=None):
    return initializations.normal(shape, scale=0.01, name=name)


def get_model(num_users, num_items, mf_dim, layers, reg_layers, reg_mf):
    num_layer = len(layers)
    user_input = Input(shape=(1,), dtype='int32', name='user_input')
    item_input = Input(shape=(1,), dtype='int32', name='item_input')
    MF_User = Embedding(input_dim=num_users, output_dim=mf_dim, name='mf_embedding_user', init=init_normal,
                        W_regularizer=l2(reg_mf), input_length=1)
    MF_Item = Embedding(input_dim=num_items, output_dim=mf_dim, name='mf_embedding_item', init=init_normal,
                        W_regularizer=l2(reg_mf), input_length=1)
    MLP_User = Embedding(input_dim=num_users, output_dim=int(layers[0] / 2), name="mlp_embedding_user", init=init_normal,
                         W_regularizer=l2(reg_layers[0]), input_length=1)
    MLP_Item = Embedding(input_dim=num_items, output_dim=int(layers[0] / 2), name='mlp_embedding_item', init=init_normal,
                         W_regularizer=l2(reg_layers[0]), input_length=1)
    mf_vector = merge([Flatten()(MF_User(user_input)), Flatten()(MF_Item(item_input))], mode='mul')
    mlp_vector = merge([Flatten()(MLP_User(user_input)), Flatten()(MLP_Item(item_input))], mode='concat')
    for idx in range(1, num_layer):
        layer = Dense(layers[idx], W_regularizer=l2(reg_layers[idx]), activation='relu', name="layer%d" % idx)
        mlp_vector = layer(mlp_vector)
    predict_vector = merge([mf_vector, mlp_vector], mode='concat')
    prediction = Dense(1, activation='sigmoid', init='lecun_uniform', name="prediction")(predict_vector)
    return Model(input=[user_input, item_input], output=prediction)


def load_pretrain(model, tables):
    for name, values in sorted(tables.items()):
        model.get_layer(name).set_weights(values)
    return model


def evaluate(model, items, K_):
    hits = []
    for u in range(4):
        users = np.full(len(items), u, dtype='int32')
        predictions = model.predict([users, np.array(items)], batch_size=100, verbose=0)
        scores = dict((i, predictions[n][0]) for n, i in enumerate(items))
        hits.append(heapq.nlargest(K_, scores, key=scores.get))
    return hits


if __name__ == '__main__':
    args = parse_args()
    layers, reg_layers = eval(args.layers), eval(args.reg_layers)
    model = get_model(6, 9, args.num_factors, layers, reg_layers, args.reg_mf)
    rng = np.random.RandomState(0)
    load_pretrain(model, dict((l.name, [rng.normal(0, .3, w.shape) for w in l.get_weights()])
                              for l in model.layers if l.get_weights()))
    if args.learner.lower() == "adagrad":
        model.compile(optimizer=Adagrad(lr=args.lr), loss='binary_crossentropy')
    else:
        model.compile(optimizer=Adam(lr=args.lr), loss='binary_crossentropy')
    users, items, labels = rng.randint(0, 6, 40), rng.randint(0, 9, 40), rng.randint(0, 2, 40)
    for epoch in range(args.epochs):
        hist = model.fit([users, items], labels, batch_size=10, nb_epoch=1, verbose=0, shuffle=False)
        print('RESULT loss%d %.6f' % (epoch, hist.history['loss'][0]))
    print('RESULT top %s' % evaluate(model, list(range(9)), 3))
    print('RESULT mf_user %s' % model.get_layer('mf_embedding_user').get_weights()[0][:2].ravel())
    print('RESULT score %s' % model.predict([np.array([1, 2]), np.array([3, 8])]).ravel())
