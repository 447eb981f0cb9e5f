"""Line reader: a small CNN and two GRUs, CTC loss in a Lambda layer, decoding with K.ctc_decode."""
import itertools
import numpy as np
from keras import backend as K
from keras.layers.convolutional import Conv2D, MaxPooling2D
from keras.layers import Input, Dense, Activation
from keras.layers import Reshape, Lambda
from keras.layers.merge import add, concatenate
from keras.models import Model
from keras.layers.recurrent import GRU
from keras.optimizers import SGD
import keras.callbacks

alphabet = 'abcde '
absolute_max_string_len = 4
img_w, img_h = 32, 8


def ctc_of(args):
    y_pred, labels, input_length, label_length = args
    # skip the warm-up steps of the GRUs
    y_pred = y_pred[:, 2:, :]
    return K.ctc_batch_cost(labels, y_pred, input_length, label_length)


def labels_to_text(labels):
    return ''.join('' if c == len(alphabet) else alphabet[c] for c in labels)


def decode_batch(test_func, word_batch):
    out = test_func([word_batch])[0]
    ret = []
    for j in range(out.shape[0]):
        out_best = list(np.argmax(out[j, 2:], 1))
        out_best = [k for k, g in itertools.groupby(out_best)]
        ret.append(labels_to_text(out_best))
    return ret


class ShowText(keras.callbacks.Callback):
    def __init__(self, test_func, batch):
        self.test_func = test_func
        self.batch = batch

    def on_epoch_end(self, epoch, logs={}):
        texts = decode_batch(self.test_func, self.batch)
        print('RESULT decoded%d' % epoch, *['<%s>' % t.replace(' ', '_') for t in texts])


act = 'relu'
input_data = Input(name='the_input', shape=(img_w, img_h, 1), dtype='float32')
inner = Conv2D(4, (3, 3), padding='same', activation=act, name='conv1')(input_data)
inner = MaxPooling2D(pool_size=(2, 2), name='max1')(inner)
inner = Reshape(target_shape=(img_w // 2, (img_h // 2) * 4), name='reshape')(inner)
inner = Dense(8, activation=act, name='dense1')(inner)
gru_1 = GRU(6, return_sequences=True, name='gru1')(inner)
gru_1b = GRU(6, return_sequences=True, go_backwards=True, name='gru1_b')(inner)
gru1_merged = add([gru_1, gru_1b])
gru_2 = GRU(6, return_sequences=True, name='gru2')(gru1_merged)
gru_2b = GRU(6, return_sequences=True, go_backwards=True, name='gru2_b')(gru1_merged)
inner = Dense(len(alphabet) + 1, name='dense2')(concatenate([gru_2, gru_2b]))
y_pred = Activation('softmax', name='softmax')(inner)

labels = Input(name='the_labels', shape=[absolute_max_string_len], dtype='float32')
input_length = Input(name='input_length', shape=[1], dtype='int64')
label_length = Input(name='label_length', shape=[1], dtype='int64')
loss_out = Lambda(ctc_of, output_shape=(1,), name='ctc')([y_pred, labels, input_length, label_length])
sgd = SGD(lr=0.02, decay=1e-6, momentum=0.9, nesterov=True, clipnorm=5)
model = Model(inputs=[input_data, labels, input_length, label_length], outputs=loss_out)
# the layer has computed it, so hand it through
model.compile(loss={'ctc': lambda y_true, y_pred: y_pred}, optimizer=sgd)
rng = np.random.RandomState(2)
model.set_weights([rng.uniform(-.5, .5, w.shape) for w in model.get_weights()])
test_func = K.function([input_data], [y_pred])


def next_batch(size=6):
    while 1:
        X = rng.rand(size, img_w, img_h, 1)
        Y = rng.randint(0, len(alphabet), (size, absolute_max_string_len)).astype('float32')
        inputs = {'the_input': X, 'the_labels': Y, 'input_length': np.ones((size, 1)) * (img_w // 2 - 2),
                  'label_length': np.ones((size, 1)) * absolute_max_string_len}
        yield (inputs, {'ctc': np.zeros([size])})


fixed = rng.rand(3, img_w, img_h, 1)
h = model.fit_generator(generator=next_batch(), steps_per_epoch=4, epochs=3, workers=1, max_queue_size=1, verbose=0,
                        callbacks=[ShowText(test_func, fixed)])
print('RESULT loss', *h.history['loss'])
probs = test_func([fixed])[0]
print('RESULT probs', *probs[0, 5])
paths, log_p = K.ctc_decode(y_pred, K.constant([16] * 3, dtype='int32'))
best = K.function([input_data], [paths[0], log_p])([fixed])
print('RESULT greedy', *best[0].ravel())
print('RESULT logp', *best[1].ravel())
