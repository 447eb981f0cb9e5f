"""Sentiment CNN on frozen word vectors."""
import numpy as np
from keras.layers import (Dense, Embedding, Convolution1D, MaxPooling1D, GlobalMaxPooling1D,
                          GlobalAveragePooling1D, Input, merge, Dropout)
from keras.models import Model
import config
import data


def build_model(matrix):
    seq = Input(shape=(config.MAX_LEN,), dtype='int32')
    vectors = Embedding(matrix.shape[0], config.EMBEDDING_DIM, weights=[matrix], input_length=config.MAX_LEN,
                        trainable=False, name='glove')(seq)
    pooled = []
    for length in (2, config.FILTER_LENGTH):
        c = Convolution1D(nb_filter=config.NB_FILTER, filter_length=length, **config.CONV)(vectors)
        c = MaxPooling1D(pool_length=2, stride=1)(c)
        pooled.append(GlobalMaxPooling1D()(c))
    pooled.append(GlobalAveragePooling1D()(vectors))
    x = merge(pooled, mode='concat', concat_axis=1)
    x = Dropout(p=0.)(x)
    out = Dense(1, activation='sigmoid', name='out')(x)
    return Model(input=seq, output=out)


def main():
    x, y, index = data.load()
    matrix = data.fake_glove(index)
    model = build_model(matrix)
    r = np.random.RandomState(8)
    for layer in model.layers:
        if layer.name != 'glove' and layer.get_weights():
            layer.set_weights([r.normal(0, .5, w.shape) for w in layer.get_weights()])
    model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['acc'])
    print('RESULT vocabulary', len(index), x.sum(), matrix.sum())
    print('RESULT params', model.count_params(), len(model.trainable_weights), len(model.non_trainable_weights))
    hist = model.fit(x, y, validation_data=(x[3:7], y[3:7]), **config.TRAIN).history
    print('RESULT loss', hist['loss'])
    print('RESULT val', hist['val_loss'], hist['val_acc'])
    print('RESULT frozen', np.abs(model.get_layer('glove').get_weights()[0] - matrix).max() < 1e-6)
    print('RESULT predict', *model.predict(x).ravel())


if __name__ == '__main__':
    main()
