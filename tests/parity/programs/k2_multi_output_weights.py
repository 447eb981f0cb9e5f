"""Age and gender heads: class_weight and sample_weight by output, temporal weights, masks and own pooling, dicts everywhere."""
import numpy as np
from keras import backend as K
from keras import losses, metrics
from keras.engine.topology import Layer
from keras.layers import Input, Dense, Embedding, Masking, LSTM, GRU, TimeDistributed, Bidirectional, SpatialDropout1D, BatchNormalization
from keras.layers import Concatenate, GlobalMaxPooling1D, Multiply, Average, Maximum, Subtract, Add, Dot, Flatten
from keras.models import Model


class MaskedAverage(Layer):
    def __init__(self, **kwargs):
        self.supports_masking = True
        super(MaskedAverage, self).__init__(**kwargs)

    def compute_mask(self, input, input_mask=None):
        # do not pass the mask to the next layers
        return None

    def call(self, x, mask=None):
        if mask is not None:
            mask = K.repeat(mask, x.shape[-1])
            mask = K.permute_dimensions(K.cast(mask, K.floatx()), (0, 2, 1))
            x = x * mask
            return K.sum(x, axis=1) / (K.sum(mask, axis=1) + K.epsilon())
        return K.mean(x, axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0], input_shape[2]


def age_error(y_true, y_pred):
    ages = K.arange(0, 4, dtype='float32')
    expected = K.sum(y_pred * ages, axis=-1)
    truth = K.sum(y_true * ages, axis=-1)
    return K.mean(K.abs(truth - expected))


rng = np.random.RandomState(16)
tokens = Input((6,), dtype='int32', name='tokens')
extra = Input((3,), name='extra')
e = Embedding(9, 4, mask_zero=True, name='embed')(tokens)
e = SpatialDropout1D(0.)(e)
h = Bidirectional(GRU(3, return_sequences=True, reset_after=False), merge_mode='ave', name='bi')(e)
pooled = MaskedAverage(name='pool')(h)
joint = Concatenate(name='joint')([pooled, extra])
age = Dense(4, activation='softmax', name='age')(joint)
gender = Dense(1, activation='sigmoid', name='gender')(joint)
tags = TimeDistributed(Dense(3, activation='softmax'), name='tags')(h)
model = Model(inputs=[tokens, extra], outputs=[age, gender, tags])
model.set_weights([rng.normal(0, .4, w.shape) for w in model.get_weights()])
model.compile('adam', loss={'age': 'categorical_crossentropy', 'gender': losses.binary_crossentropy, 'tags': 'sparse_categorical_crossentropy'},
              loss_weights={'age': 1., 'gender': .5, 'tags': 2.}, metrics={'age': [age_error, 'acc'], 'gender': 'accuracy'},
              sample_weight_mode={'age': None, 'gender': None, 'tags': 'temporal'})
n = 18
T = rng.randint(1, 9, (n, 6))
for i in range(n):
    T[i, rng.randint(2, 7):] = 0
data = {'tokens': T, 'extra': rng.randn(n, 3)}
target = {'age': np.eye(4)[rng.randint(0, 4, n)], 'gender': rng.randint(0, 2, n), 'tags': rng.randint(0, 3, (n, 6, 1))}
temporal = (T != 0).astype('float32')
h = model.fit(data, target, epochs=3, batch_size=6, verbose=0, shuffle=False,
              sample_weight={'age': np.linspace(.5, 1.5, n), 'tags': temporal})
for k in sorted(h.history):
    print('RESULT', k, *h.history[k])
h = model.fit([data['tokens'], data['extra']], [target[k] for k in ('age', 'gender', 'tags')], batch_size=9, epochs=2, verbose=0,
              shuffle=False, class_weight={'gender': {0: 1., 1: 4.}, 'age': {0: 1, 1: 1, 2: .5, 3: 2}},
              validation_data=(data, target, {'tags': temporal}))
print('RESULT weighted', *h.history['loss'])
print('RESULT val', *h.history['val_loss'])
res = model.evaluate(data, target, batch_size=18, verbose=0, sample_weight={'tags': temporal})
print('RESULT evaluate', *res)
print('RESULT names', *model.metrics_names)
for name, p in zip(model.output_names, model.predict(data)):
    print('RESULT', name + '_pred', *p.ravel()[:4])
a, b = Input((2, 3)), Input((2, 3))
zoo = [L()([a, b]) for L in (Multiply, Average, Maximum, Subtract, Add)] + [Dot(axes=(1, 1), normalize=True)([a, b])]
for i, o in enumerate(Model([a, b], zoo).predict([rng.randn(1, 2, 3), rng.randn(1, 2, 3)])):
    print('RESULT merge%d' % i, *o.ravel())
