"""Encoder blocks in the keras-bert manner: token embedding with weights as output, masks, tied softmax, gelu, warmup."""
import math
import numpy as np
import keras
from keras import backend as K


def gelu(x):
    return 0.5 * x * (1.0 + K.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


class TokenEmbedding(keras.layers.Embedding):
    """Also returns the table, for the output layer."""

    def compute_output_shape(self, input_shape):
        return [super(TokenEmbedding, self).compute_output_shape(input_shape), (self.input_dim, self.output_dim)]

    def compute_mask(self, inputs, mask=None):
        return [super(TokenEmbedding, self).compute_mask(inputs, mask), None]

    def call(self, inputs):
        return [super(TokenEmbedding, self).call(inputs), self.embeddings + 0]


class EmbeddingSimilarity(keras.layers.Layer):
    def build(self, input_shape):
        self.bias = self.add_weight(shape=(int(input_shape[1][0]),), initializer='zeros', name='bias')
        super(EmbeddingSimilarity, self).build(input_shape)

    def compute_output_shape(self, input_shape):
        return input_shape[0][:2] + (input_shape[1][0],)

    def compute_mask(self, inputs, mask=None):
        return mask[0]

    def call(self, inputs, mask=None, **kwargs):
        inputs, embeddings = inputs
        outputs = K.bias_add(K.dot(inputs, K.transpose(embeddings)), self.bias)
        return keras.activations.softmax(outputs)


class SelfAttention(keras.layers.Layer):
    def __init__(self, heads, **kwargs):
        super(SelfAttention, self).__init__(**kwargs)
        self.supports_masking = True
        self.heads = heads

    def build(self, input_shape):
        d = int(input_shape[-1])
        for n in 'qkvo':
            setattr(self, 'W' + n, self.add_weight(shape=(d, d), initializer='glorot_normal', name='%s_W%s' % (self.name, n)))
        super(SelfAttention, self).build(input_shape)

    def split(self, x):
        s = K.shape(x)
        x = K.reshape(x, (s[0], s[1], self.heads, s[2] // self.heads))
        x = K.permute_dimensions(x, [0, 2, 1, 3])
        return K.reshape(x, (s[0] * self.heads, s[1], s[2] // self.heads))

    def call(self, x, mask=None):
        q, k, v = [self.split(K.dot(x, w)) for w in (self.Wq, self.Wk, self.Wv)]
        d = K.cast(K.shape(q)[-1], K.floatx())
        e = K.batch_dot(q, k, axes=2) / K.sqrt(d)
        e = K.exp(e - K.max(e, axis=-1, keepdims=True))
        if mask is not None:
            m = K.repeat_elements(K.cast(mask, K.floatx()), self.heads, axis=0)
            e *= K.expand_dims(m, axis=-2)
        a = e / (K.sum(e, axis=-1, keepdims=True) + K.epsilon())
        y = K.batch_dot(a, v)
        s = K.shape(y)
        y = K.reshape(y, (s[0] // self.heads, self.heads, s[1], s[2]))
        y = K.reshape(K.permute_dimensions(y, [0, 2, 1, 3]), (s[0] // self.heads, s[1], s[2] * self.heads))
        return K.dot(y, self.Wo)


class Norm(keras.layers.Layer):
    def __init__(self, **kwargs):
        super(Norm, self).__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        shape = input_shape[-1:]
        self.gamma = self.add_weight(shape=shape, initializer='ones', name='gamma')
        self.beta = self.add_weight(shape=shape, initializer='zeros', name='beta')
        super(Norm, self).build(input_shape)

    def call(self, x):
        mean = K.mean(x, axis=-1, keepdims=True)
        var = K.mean(K.square(x - mean), axis=-1, keepdims=True)
        return self.gamma * (x - mean) / K.sqrt(var + K.epsilon() ** 2 + 1e-6) + self.beta


vocab, dim, length = 13, 6, 5
tokens = keras.layers.Input(shape=(length,), name='Input-Token')
masked = keras.layers.Input(shape=(length,), name='Input-Masked')
emb, table = TokenEmbedding(vocab, dim, mask_zero=True, name='Embedding-Token')(tokens)
x = emb
for i in range(2):
    a = SelfAttention(2, name='Encoder-%d-Attention' % (i + 1))(x)
    x = Norm(name='Encoder-%d-Norm' % (i + 1))(keras.layers.Add()([x, a]))
    f = keras.layers.Dense(8, activation=gelu)(x)
    f = keras.layers.Dense(dim)(f)
    x = Norm()(keras.layers.Add()([x, f]))
probs = EmbeddingSimilarity(name='MLM-Sim')([x, table])
out = keras.layers.Lambda(lambda z: z[0] * K.expand_dims(z[1], -1), name='MLM')([probs, masked])
model = keras.models.Model([tokens, masked], out)
rng = np.random.RandomState(77)
model.set_weights([w + rng.normal(0, .2, w.shape) if 'ones' in str(w) else rng.normal(.1, .3, w.shape) for w in model.get_weights()])


class Warmup(keras.callbacks.Callback):
    def __init__(self, steps, peak):
        super(Warmup, self).__init__()
        self.steps, self.peak, self.step = steps, peak, 0

    def on_batch_begin(self, batch, logs=None):
        self.step += 1
        K.set_value(self.model.optimizer.lr, self.peak * min(1., self.step / self.steps))


T = rng.randint(1, vocab, (12, length))
T[:4, 3:] = 0
M = (rng.rand(12, length) > .5).astype('float32')
Y = T[:, :, None] * M[:, :, None]
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=.9), loss=keras.losses.sparse_categorical_crossentropy)
h = model.fit([T, M], Y, batch_size=4, epochs=2, verbose=0, shuffle=False, callbacks=[Warmup(4, 0.02)])
print('RESULT loss', *h.history['loss'])
print('RESULT probs', *model.predict([T[:1], np.ones((1, length))])[0, 0])
print('RESULT lr', float(K.get_value(model.optimizer.lr)))
print('RESULT gelu', *K.eval(gelu(K.constant([-1., 0., 2.]))))
