"""Sentence classification with a small CNN (Kim 2014), wrapped into a classifier class."""
import numpy as np
import keras
from keras.preprocessing import sequence
from keras.preprocessing.text import Tokenizer
from keras.utils import np_utils
from keras.models import Model
from keras.layers import Input, Embedding, Dense, Dropout
from keras.layers.convolutional import Conv1D
from keras.layers.pooling import GlobalMaxPooling1D
from keras.layers.merge import concatenate

config = {
    'maxlen': 10,
    'max_words': 60,
    'embedding': dict(output_dim=12, embeddings_regularizer=keras.regularizers.l2(1e-4)),
    'filters': 6,
    'kernel_sizes': (2, 3),
    'hidden': 8,
    'optimizer': 'adagrad',
}

TEXTS = ["the movie was great and fun", "a truly bad film", "great acting , great story",
         "boring and bad and long", "what is this film about ?", "is the story about a dog ?",
         "fun fun fun", "who is the actor in this movie ?", "long boring story", "really great fun"]
LABELS = [0, 1, 0, 1, 2, 2, 0, 2, 1, 0]


class TextCNN(object):
    def __init__(self, config, n_classes):
        self.config = config
        self.n_classes = n_classes
        self.tokenizer = Tokenizer(num_words=config['max_words'])
        self.model = None

    def _build(self):
        c = self.config
        inp = Input(shape=(c['maxlen'],), dtype='int32', name='tokens')
        x = Embedding(c['max_words'], input_length=c['maxlen'], **c['embedding'])(inp)
        pooled = []
        for k in c['kernel_sizes']:
            h = Conv1D(c['filters'], k, padding='valid', activation='relu', strides=1)(x)
            pooled.append(GlobalMaxPooling1D()(h))
        h = concatenate(pooled)
        h = Dropout(0.)(h)
        h = Dense(c['hidden'], activation='tanh', kernel_regularizer='l2')(h)
        out = Dense(self.n_classes, activation='softmax')(h)
        self.model = Model(inputs=inp, outputs=out)
        rng = np.random.RandomState(1234)
        self.model.set_weights([rng.uniform(-.3, .3, size=w.shape) for w in self.model.get_weights()])
        self.model.compile(loss='categorical_crossentropy', optimizer=c['optimizer'], metrics=['acc'])

    def _encode(self, texts):
        return sequence.pad_sequences(self.tokenizer.texts_to_sequences(texts), maxlen=self.config['maxlen'])

    def fit(self, texts, labels, **kwargs):
        self.tokenizer.fit_on_texts(texts)
        self._build()
        y = np_utils.to_categorical(labels, self.n_classes)
        # class 1 is rare in the real data
        return self.model.fit(self._encode(texts), y, class_weight={0: 1., 1: 2., 2: .5},
                              verbose=0, shuffle=False, **kwargs)

    def predict(self, texts):
        return self.model.predict(self._encode(texts), batch_size=4)


if __name__ == '__main__':
    clf = TextCNN(config, 3)
    history = clf.fit(TEXTS, LABELS, batch_size=4, epochs=4)
    print('RESULT loss', *history.history['loss'])
    print('RESULT acc', *history.history['acc'])
    p = clf.predict(["great fun story", "who is bad ?"])
    print('RESULT probs', *p.ravel())
    print('RESULT words', len(clf.tokenizer.word_index))
