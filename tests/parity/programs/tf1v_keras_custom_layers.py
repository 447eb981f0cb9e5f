"""tf.keras layers of one's own as 1.x wrote them: Dimension values, backend functions, configs, masks, a lambda."""
import numpy as np
import tensorflow as tf
from tensorflow.python.keras import backend as K
from tensorflow.python.keras.layers import Dense, Input, Lambda, Layer, LSTM, Embedding, Bidirectional, TimeDistributed
from tensorflow.python.keras.models import Model
from tensorflow.python.keras import initializers, regularizers

rng = np.random.RandomState(15)


class AttentionWithContext(Layer):
    def __init__(self, bias=True, W_regularizer=None, **kwargs):
        self.supports_masking = True
        self.init = initializers.get('glorot_uniform')
        self.W_regularizer = regularizers.get(W_regularizer)
        self.bias = bias
        super(AttentionWithContext, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.W = self.add_weight(shape=(input_shape[-1].value, input_shape[-1].value), initializer=self.init,
                                 name='{}_W'.format(self.name), regularizer=self.W_regularizer)
        if self.bias:
            self.b = self.add_weight(shape=(int(input_shape[-1]),), initializer='zero', name='{}_b'.format(self.name))
        self.u = self.add_weight(shape=[input_shape.as_list()[-1]], initializer=self.init, name='{}_u'.format(self.name))
        super(AttentionWithContext, self).build(input_shape)

    def compute_mask(self, input, input_mask=None):
        return None

    def call(self, x, mask=None):
        uit = K.dot(x, self.W)
        if self.bias:
            uit += self.b
        uit = K.tanh(uit)
        ait = K.squeeze(K.dot(uit, K.expand_dims(self.u)), axis=-1)
        a = K.exp(ait)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        return K.sum(x * K.expand_dims(a), axis=1)

    def compute_output_shape(self, input_shape):
        shape = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([shape[0], shape[-1]])

    def get_config(self):
        config = {'bias': self.bias}
        return dict(list(super(AttentionWithContext, self).get_config().items()) + list(config.items()))


def focal(y_true, y_pred):
    pt = tf.where(tf.equal(y_true, 1), y_pred, 1 - y_pred)
    return -K.mean(0.25 * K.pow(1. - pt, 2.) * K.log(K.clip(pt, K.epsilon(), 1.)))


def f1(y_true, y_pred):
    tp = K.sum(K.round(y_true * y_pred))
    return 2 * tp / (K.sum(y_true) + K.sum(K.round(y_pred)) + K.epsilon())


tokens = Input(shape=(6,), dtype='int32')
h = Embedding(12, 4, mask_zero=True)(tokens)
h = Bidirectional(LSTM(3, return_sequences=True))(h)
h = TimeDistributed(Dense(4, activation='tanh'))(h)
h = AttentionWithContext(W_regularizer='l2', name='attention')(h)
h = Lambda(lambda t: K.l2_normalize(t, axis=-1) * tf.to_float(tf.shape(t)[-1]))(h)
out = Dense(1, activation='sigmoid')(h)
model = Model(inputs=tokens, outputs=out)
model.set_weights([rng.randn(*w.shape) * 0.3 for w in model.get_weights()])
model.compile(tf.keras.optimizers.Adam(lr=0.01), loss=focal, metrics=['binary_accuracy', f1])
x = rng.randint(1, 12, (16, 6))
x[:8, 4:] = 0
y = rng.randint(0, 2, (16, 1))
hist = model.fit(x, y, batch_size=8, epochs=3, verbose=0, shuffle=False)
for key in ('loss', 'binary_accuracy', 'f1'):
    print('RESULT', key, *hist.history[key])
print('RESULT predict', *model.predict(x[:4]).ravel())
print('RESULT names', *[w.name.split('/')[-1] for w in model.get_layer('attention').weights])
print('RESULT lr', K.get_value(model.optimizer.lr), K.eval(model.optimizer.iterations))
clone = Model.from_config(model.get_config(), custom_objects={'AttentionWithContext': AttentionWithContext})
clone.set_weights(model.get_weights())
print('RESULT clone', *clone.predict(x[:2]).ravel(), len(clone.layers))
middle = K.function([model.layers[0].input], [model.get_layer('attention').output])
print('RESULT middle', *middle([x[:2]])[0].ravel())
K.set_value(model.optimizer.lr, 0.001)
print('RESULT batch', *model.train_on_batch(x[:8], y[:8]))
print('RESULT test_batch', *model.test_on_batch(x, y), *model.metrics_names)
print('RESULT shapes', K.int_shape(model.output)[1], model.get_layer('attention').output_shape[-1])
