"""Date translation with one-step attention: shared layers called in a loop over the output length."""
from keras.layers import Bidirectional, Concatenate, Permute, Dot, Input, LSTM, Multiply
from keras.layers import RepeatVector, Dense, Activation, Lambda
from keras.optimizers import Adam
from keras.models import load_model, Model
import keras.backend as K
import numpy as np

Tx, Ty = 7, 4
n_a, n_s = 4, 6
in_vocab, out_vocab = 9, 5


def softmax(x, axis=1):
    """Softmax over a chosen axis (the built-in one takes the last)."""
    ndim = K.ndim(x)
    if ndim == 2:
        return K.softmax(x)
    elif ndim > 2:
        e = K.exp(x - K.max(x, axis=axis, keepdims=True))
        s = K.sum(e, axis=axis, keepdims=True)
        return e / s
    else:
        raise ValueError('Cannot apply softmax to a tensor that is 1D')


repeat = RepeatVector(Tx)
join = Concatenate(axis=-1)
hidden = Dense(10, activation="tanh")
score = Dense(1, activation="relu")
normalize = Activation(softmax, name='attention_weights')
weigh = Dot(axes=1)


def one_step_attention(a, s_prev):
    s_prev = repeat(s_prev)
    concat = join([a, s_prev])
    e = hidden(concat)
    e2 = score(e)
    alphas = normalize(e2)
    context = weigh([alphas, a])
    return context


post_activation_LSTM_cell = LSTM(n_s, return_state=True)
output_layer = Dense(out_vocab, activation=softmax)


def model(Tx, Ty, n_a, n_s, n_in, n_out):
    X = Input(shape=(Tx, n_in))
    s0 = Input(shape=(n_s,), name='s0')
    c0 = Input(shape=(n_s,), name='c0')
    s = s0
    c = c0
    outputs = []
    a = Bidirectional(LSTM(n_a, return_sequences=True), input_shape=(Tx, n_a * 2))(X)
    for t in range(Ty):
        context = one_step_attention(a, s)
        s, _, c = post_activation_LSTM_cell(context, initial_state=[s, c])
        out = output_layer(s)
        outputs.append(out)
    return Model(inputs=[X, s0, c0], outputs=outputs)


model = model(Tx, Ty, n_a, n_s, in_vocab, out_vocab)
rng = np.random.RandomState(11)
model.set_weights([rng.uniform(-0.4, 0.4, w.shape) for w in model.get_weights()])
opt = Adam(lr=0.005, beta_1=0.9, beta_2=0.999, decay=0.01)
model.compile(loss='categorical_crossentropy', optimizer=opt, metrics=['accuracy'])

m = 20
Xoh = np.eye(in_vocab)[rng.randint(0, in_vocab, (m, Tx))]
Yoh = np.eye(out_vocab)[rng.randint(0, out_vocab, (m, Ty))]
s0 = np.zeros((m, n_s))
c0 = np.zeros((m, n_s))
outputs = list(Yoh.swapaxes(0, 1))

history = model.fit([Xoh, s0, c0], outputs, epochs=3, batch_size=10, shuffle=False, verbose=0)
print('RESULT loss', *['%.6f' % v for v in history.history['loss']])
prediction = model.predict([Xoh[:1], s0[:1], c0[:1]])
for t, p in enumerate(prediction):
    print('RESULT step%d' % t, *['%.6f' % v for v in p[0]])
print('RESULT words', *np.argmax(prediction, axis=-1).ravel())

# attention map: the activation is one layer with Ty nodes
layer = model.get_layer('attention_weights')
f = K.function(model.inputs, [layer.get_output_at(t) for t in range(Ty)])
r = f([Xoh[:2], s0[:2], c0[:2]])
for t in range(Ty):
    print('RESULT alphas%d' % t, *['%.6f' % v for v in r[t][1, :, 0]])
print('RESULT params', model.count_params())
