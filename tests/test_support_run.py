"""Each support piece against the original: one program, run with what it came from and with the piece on the newest
TensorFlow, and what it prints must be equal, number by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

import environments
import pytest
import support_features
from conftest import usable
from environments import KERAS1, KERAS2, NEWEST, Ended
from printed import first_difference, results

from tfkdoctor import support

# Only what is spelled differently; `NEW` lets a program say what a migration would write.
OLD = """
import inspect
import numpy as np
import keras
from keras import backend as K
from keras.layers import *
from keras.engine.topology import Layer
from keras.models import Model, Sequential
from keras.optimizers import *
NEW = False
if keras.__version__ < '2':
    def fit(model, x, y, epochs=2, batch_size=8, **arguments):
        return model.fit(x, y, nb_epoch=epochs, batch_size=batch_size, shuffle=False, verbose=0, **arguments).history
else:
    def fit(model, x, y, epochs=2, batch_size=8, **arguments):
        return model.fit(x, y, epochs=epochs, batch_size=batch_size, shuffle=False, verbose=0, **arguments).history
"""
TODAY = f"""
import inspect
import numpy as np
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras.layers import *
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import *
open('tf_legacy.py', 'w', encoding='utf-8').write({support.module_text(support.pieces(), None)!r})
from tf_legacy import *
NEW = True
def fit(model, x, y, epochs=2, batch_size=8, **arguments):
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, shuffle=False, verbose=0, **arguments).history
"""
COMMON = """
rng = np.random.RandomState(7)
def show(name, *values):
    print('RESULT', name, *[v for value in values for v in np.ravel(value)])
def fill(model, low=.2, high=.9):
    model.set_weights([rng.uniform(low, high, w.shape) for w in model.get_weights()])
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A program that is run with several origins; `new` precedes it on the newest TensorFlow, `old` in the past."""

    name: str
    origins: tuple[str, ...]
    program: str
    new: str = ""
    old: str = ""

    def before(self) -> str:
        return OLD + COMMON + dedent(self.old) + dedent(self.program)

    def after(self) -> str:
        return TODAY + COMMON + dedent(self.new) + dedent(self.program)


K1_FLAGS = "flags = dict(zero_debias=False, unbiased=False, fused=False, frozen_updates=True)\n"
BATCH_NORMALIZATION = """
def train(name, x, *layers, frozen=False):
    model = Sequential(list(layers))
    fill(model)
    for layer in model.layers:
        layer.trainable = not frozen or type(layer).__name__ != 'BatchNormalization'
    model.compile(SGD(.05), 'mse')
    y = rng.uniform(-1, 1, model.predict(x).shape)
    show(name + '_loss', fit(model, x, y)['loss'], model.evaluate(x, y, verbose=0))
    show(name + '_batch', model.train_on_batch(x[:5], y[:5]))
    show(name + '_weights', *model.get_weights())
    show(name + '_predict', model.predict(x))
x2, x3, x4, x5 = (rng.uniform(-1, 3, (16, 3, 4, 2, 2)[:n]) for n in (2, 3, 4, 5))
train('dense', x2, Dense(4, input_shape=(3,)), BatchNormalization(momentum=.9, **flags), Dense(1))
train('default', x2, BatchNormalization(input_shape=(3,), **flags))
train('frozen', x2, Dense(4, input_shape=(3,)), BatchNormalization(momentum=.9, **flags), Dense(1), frozen=True)
train('sequence', x3, BatchNormalization(momentum=.9, epsilon=1e-2, input_shape=x3.shape[1:], **flags))
train('steps', x3, BatchNormalization(axis=1, input_shape=x3.shape[1:], **flags))
train('image', x4, BatchNormalization(momentum=.9, input_shape=x4.shape[1:], **flags))
train('channels', x4, BatchNormalization(axis=1, momentum=.9, input_shape=x4.shape[1:], **flags))
train('volume', x5, BatchNormalization(momentum=.9, input_shape=x5.shape[1:], **flags))
"""
KERAS2_BATCH_NORMALIZATION = """
train('times', x3, TimeDistributed(BatchNormalization(momentum=.9), input_shape=x3.shape[1:]))
train('plain', x2, BatchNormalization(center=False, scale=False, input_shape=(3,)))
train('images', x5, TimeDistributed(BatchNormalization(momentum=.9), input_shape=x5.shape[1:]))
i = Input((4,))
h = BatchNormalization(momentum=.9)(Embedding(5, 3, mask_zero=True)(i))
model = Model(i, LSTM(2, recurrent_activation='sigmoid')(h))
fill(model)
model.compile(SGD(.05), 'mse')
show('masked', fit(model, rng.randint(0, 5, (16, 4)), np.ones((16, 2)))['loss'], *model.get_weights())
"""
DENSE_GRADIENTS = """
words, y = rng.randint(0, 6, (24, 5)), rng.uniform(-1, 1, (24, 1))
makers = [
    lambda: SGD(.1, momentum=.9), lambda: SGD(.1, **{clip: .05}),
    lambda: 'adam', lambda: Adam(.01), lambda: Adamax(.01),
]
for number, maker in enumerate(makers):
    model = Sequential([Embedding(6, 3, input_shape=(5,)), Flatten(), Dense(1)])
    fill(model)
    optimizer = maker()
    if NEW:
        assert optimizer == 'adam' or dense_gradients(optimizer) is optimizer
        optimizer = dense_gradients(optimizer)
    model.compile(optimizer, 'mse')
    show('loss%d' % number, fit(model, words, y)['loss'], model.train_on_batch(words[:8], y[:8]))
    show('weights%d' % number, *model.get_weights())
if NEW:
    model.save('model.keras')
    again = keras.models.load_model('model.keras')
    again.optimizer = dense_gradients(again.optimizer)
    assert abs(again.train_on_batch(words, y) - model.evaluate(words, y, verbose=0)) < 1e-6
"""
BATCH_MEAN = """
def f1(y_true, y_pred):
    hits = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    p = hits / (K.sum(K.round(K.clip(y_pred, 0, 1))) + K.epsilon())
    r = hits / (K.sum(K.round(K.clip(y_true, 0, 1))) + K.epsilon())
    return 2 * p * r / (p + r + K.epsilon())
def distance(y_true, y_pred):
    return K.sqrt(K.sum(K.square(y_true - y_pred), axis=-1))
metric = batch_mean if NEW else lambda function: function
x = rng.uniform(-1, 1, (21, 3))
y = (x[:, 0] > .2).astype('int')
model = Sequential([Dense(1, activation='sigmoid', input_shape=(3,))])
fill(model)
model.compile(SGD(.5), 'binary_crossentropy', metrics=[metric(f1), metric(distance)])
history = fit(model, x, y, validation_data=(x[:11], y[:11]))
show('single', *[history[key] for key in ('f1', 'distance', 'val_f1', 'val_distance')])
show('evaluate', model.evaluate(x, y, batch_size=4, verbose=0))
show('weighted', model.evaluate(x, y, batch_size=4, sample_weight=np.arange(21), verbose=0)[1:])
show('test', model.test_on_batch(x[:5], y[:5]))

i = Input((3,))
a, b = Dense(1, activation='sigmoid', name='a')(i), Dense(4, activation='softmax', name='b')(i)
model = Model(i, [a, b])
fill(model)
def best(y_true, y_pred):
    return K.mean(K.cast(K.equal(y_true[:, 0], K.cast(K.argmax(y_pred), 'float32')), 'float32')) ** 2
losses = ['binary_crossentropy', 'sparse_categorical_crossentropy']
model.compile(SGD(.5), losses, metrics={'a': metric(f1), 'b': [metric(best)]})
z = rng.randint(0, 4, (21, 1))
history = fit(model, x, [y.reshape(-1, 1), z])
show('dict', *[history[key] for key in ('a_f1', 'b_best')])
lists = [[metric(f1)], [metric(best), metric(f1)]]
model.compile(SGD(.5), losses, metrics=lists if NEW else dict(zip('ab', lists)))
history = fit(model, x, [y.reshape(-1, 1), z])
show('list', *[history[key] for key in ('a_f1', 'b_best', 'b_f1')])

model = Sequential([Masking(input_shape=(4, 2)), SimpleRNN(3, return_sequences=True), Dense(2)])
fill(model)
model.compile(SGD(.1), 'mse', metrics=[metric(distance), metric(f1)])
s = rng.uniform(-1, 1, (21, 4, 2))
s[:7, 2:] = 0
s[5:15, 1:] = 0
history = fit(model, s, rng.uniform(0, 1, s.shape))
show('mask', history['distance'], history['f1'])
if NEW:
    model.save('model.keras')
    again = keras.models.load_model('model.keras', custom_objects={'f1': f1, 'distance': distance})
    assert np.allclose(again.evaluate(s, s, verbose=0), model.evaluate(s, s, verbose=0))
"""
UNDIVIDED = """
l1, l2 = keras.regularizers.l1, keras.regularizers.l2
undivided = undivided if NEW else lambda regularizer: regularizer
x = rng.uniform(-1, 1, (20, 3))
i = Input((3,))
h = Dense(4, activation='tanh', activity_regularizer=undivided(l1(.1)))(i)
model = Model(i, Dense(1, activity_regularizer=undivided('l2'))(h))
fill(model)
model.compile(SGD(.1), 'mse')
show('loss', fit(model, x, x[:, :1])['loss'], *model.get_weights())
show('evaluate', model.evaluate(x, x[:, :1], batch_size=7, verbose=0))
model = Sequential([Conv1D(2, 2, activity_regularizer=undivided(l2(.01)), input_shape=(5, 3)), Flatten(), Dense(1)])
fill(model)
model.compile(SGD(.1), 'mse')
show('conv', fit(model, rng.uniform(-1, 1, (20, 5, 3)), x[:, :1])['loss'])
if NEW:
    model.save('model.keras')
    keras.models.load_model('model.keras')
"""
WITH_WEIGHTS = """
def layer(kind, *arguments, **named):
    weights = named.pop('weights')
    if NEW:
        named.pop('input_shape', None)
        return with_weights(kind(*arguments, **named), weights)
    return kind(*arguments, weights=weights, **named)
def arrays(*shapes):
    return [rng.uniform(-1, 1, shape) for shape in shapes]
x = rng.uniform(-1, 1, (3, 6, 2))
"""
KERAS2_WITH_WEIGHTS = """
model = Sequential()
if NEW:
    model.add(Input((6, 2)))
model.add(layer(Conv1D, 4, 2, weights=arrays((2, 2, 4), 4), input_shape=(6, 2)))
model.add(layer(TimeDistributed, Dense(3), weights=arrays((4, 3), 3)))
model.add(layer(BatchNormalization, weights=[np.ones(3), np.zeros(3), np.arange(3), np.arange(3) + 1]))
model.add(layer(SimpleRNN, 2, weights=arrays((3, 2), (2, 2), 2)))
show('sequential', model.predict(x), *model.get_weights())
i = Input((6, 2))
o = layer(GRU, 2, reset_after=False, weights=arrays((2, 6), (2, 6), 6), recurrent_activation='sigmoid')(i)
model = Model(i, layer(Dense, 1, weights=arrays((2, 1), 1))(o))
show('functional', model.predict(x), *model.get_weights())
"""
KERAS1_WITH_WEIGHTS = """
model = Sequential()
if NEW:
    model.add(Input((6, 2)))
model.add(TimeDistributed(layer(Dense, 3, weights=arrays((2, 3), 3)), input_shape=(6, 2)))
model.add(Bidirectional(SimpleRNN(2), weights=arrays(*((3, 2), (2, 2), 2) * 2)) if not NEW else
          with_weights(Bidirectional(SimpleRNN(2)), arrays(*((3, 2), (2, 2), 2) * 2)))
show('wrapped', model.predict(x), *model.get_weights())
weights = arrays((2, 2), (2, 2), 2)
if NEW:
    forward = with_weights(Bidirectional(SimpleRNN(2)), weights)
else:
    forward = Bidirectional(SimpleRNN(2, weights=weights), input_shape=(6, 2))
model = Sequential(([Input((6, 2))] if NEW else []) + [forward])
show('forward', model.predict(x)[:, :2], *model.get_weights()[:3])
if NEW:
    try:
        Bidirectional(with_weights(SimpleRNN(2), weights))
    except ValueError as error:
        assert 'would lose its weights' in str(error)
    else:
        raise AssertionError('the weights are lost without a word')
"""
OPTIMIZERS = """
x, words = rng.uniform(-1, 1, (24, 3)), rng.randint(0, 6, (24, 5))
for name, scale in (('tiny', 1e-4), ('clipped', 1)):
    for kind, arguments in ((RMSprop, {}), (Adagrad, {}), (Nadam, {}), (Nadam, {'schedule_decay': .1})):
        if name == 'clipped':
            arguments = dict(arguments, clipvalue=.05)
        inputs = x * scale
        model = Sequential([Dense(2, activation='tanh', input_shape=(3,)), Dense(1)])
        fill(model)
        model.compile(kind(.01, epsilon=1e-7, **arguments), 'mse')
        losses = fit(model, inputs, inputs[:, :1], epochs=5)['loss']
        show(name + kind.__name__, [loss / scale ** 2 for loss in losses], *model.get_weights())
for kind in (RMSprop, Adagrad, Nadam):
    first = Embedding(6, 3, **({'input_shape': (5,)} if NEW else {'input_length': 5}))
    model = Sequential([first, Flatten(), Dense(1)])
    fill(model)
    model.compile(kind(.01, epsilon=1e-7), 'mse')
    show('words' + kind.__name__, fit(model, words, x[:, :1], epochs=5)['loss'], *model.get_weights())
    if NEW:
        model.save('model.keras')
        again = keras.models.load_model('model.keras')
        for each in (again, model):
            each.train_on_batch(words, x[:, :1])
        assert abs(again.evaluate(words, x[:, :1], verbose=0) - model.evaluate(words, x[:, :1], verbose=0)) < 1e-6
"""
FUNCTIONS = """
if NEW:
    from tensorflow.keras.ops import abs, log, max, maximum, mean, sqrt, square, sum
else:
    from keras.backend import abs, log, max, maximum, mean, sqrt, square, sum
    function, gradients, learning_phase = K.function, K.gradients, K.learning_phase
x = rng.uniform(-1, 1, (5, 6, 6, 2))
i = Input((6, 6, 2))
h = Conv2D(3, 3, activation='relu', name='conv')(i)
h = BatchNormalization(name='normal')(h)
h = Conv2D(4, 2, activation='tanh', name='last')(h)
o = Dense(3, activation='softmax', name='classes')(Flatten()(h))
model = Model(i, o)
fill(model, -.5, .9)
conv, last = model.get_layer('conv'), model.get_layer('last')

f = function([model.input], [conv.output, last.output, model.output])
if not NEW:
    f = K.function([model.input, K.learning_phase()], f.outputs)
    show('layers', *f([x, 0]))
else:
    show('layers', *f([x]))
f = function([model.layers[0].output, learning_phase()], [model.layers[-1].output])
show('test', f([x, 0])[0])
show('train', f([x, 1])[0])
show('kept', f([x, 0.])[0], *model.get_weights())

saliency = gradients(mean(model.output[:, 1]), model.input)[0]
show('saliency', *function([model.input, learning_phase()], [saliency, model.output])([x, 0]))
grads = gradients(model.output[:, 2], last.output)[0]
cam = function([model.input, learning_phase()], [last.output, mean(grads, axis=(0, 1, 2))])
show('grad cam', *cam([x[:1], 0]))
both = gradients(sum(square(last.output)), [conv.output, model.input])
show('several', *function([model.input, learning_phase()], both)([x, 0]))
dream = sum(square(conv.output)) / 10 + .2 * mean(square(last.output[:, 1:-1]))
step = gradients(dream, model.input)[0]
step = step / maximum(mean(abs(step)), 1e-7)
ascend = function([model.input, learning_phase()], [dream, step])
image = x.copy()
for _ in range(3):
    value, change = ascend([image, 0])
    image += .1 * change
show('dream', value, image)
weights = gradients(-mean(log(max(model.output, axis=-1))), model.trainable_weights)
show('weights', *function([model.input, learning_phase()], weights)([x, 0]))
penalty = gradients(sum(square(gradients(model.output[:, 0], model.input)[0])), model.input)
show('second', *function([model.input, learning_phase()], penalty)([x, 0]))

words, more = Input((4,), dtype='int32'), Input((2,))
e = Embedding(7, 3, trainable=False, name='words')(words)
model = Model([words, more], Dense(1)(concatenate([Flatten()(e), more])))
fill(model)
grads = gradients(sum(square(model.output)), [e, more])
show('inputs', *function(model.inputs, grads + [model.output])([rng.randint(0, 7, (3, 4)), rng.uniform(size=(3, 2))]))
tail = function([e, more], [model.output])
show('tail', *tail([rng.uniform(size=(3, 4, 3)), np.ones((3, 2))]))
counter = keras.Variable(1.) if NEW else K.variable(1.)
f = function([more], [sum(more)], updates=[(counter, sum(more) + counter)])
show('updates', f([np.ones((2, 2))])[0], f([np.ones((2, 2))])[0], counter.numpy() if NEW else K.get_value(counter))
"""
LAYERS1 = """
l2 = keras.regularizers.l2
if NEW:
    dense, maxout = dict(kernel_regularizer=l2(.1)), dict(units=3, use_bias=False)
else:
    dense, maxout = dict(W_regularizer=l2(.1)), dict(output_dim=3, bias=False)
x = rng.uniform(-1, 1, (20, 4))
for name, layers in (
    ('highway', [Highway(activation='tanh', input_shape=(4,), **dense), Highway()]),
    ('maxout', [MaxoutDense(2, nb_feature=3, input_shape=(4,), **dense), MaxoutDense(**maxout)]),
):
    model = Sequential(layers + [Dense(1)])
    fill(model, -.9, .9)
    model.compile(SGD(.1), 'mse')
    show(name, fit(model, x, x[:, :1])['loss'], model.predict(x), *model.get_weights())
    if NEW:
        model.save('model.keras')
        assert np.allclose(keras.models.load_model('model.keras').predict(x), model.predict(x))
"""
LOCALLY_CONNECTED = """
l2 = keras.regularizers.l2
x, images = rng.uniform(-1, 1, (16, 7, 2)), rng.uniform(-1, 1, (16, 5, 6, 3))
regular = dict(kernel_regularizer=l2(.01), bias_regularizer=l2(.01), activation='relu')
for name, data, layer in (
    ('1d', x, LocallyConnected1D(4, 3, input_shape=(7, 2))),
    ('1d strides', x, LocallyConnected1D(filters=2, kernel_size=(2,), strides=2, use_bias=False, input_shape=(7, 2))),
    ('2d', images, LocallyConnected2D(2, (2, 3), input_shape=(5, 6, 3), **regular)),
    ('2d strides', images, LocallyConnected2D(2, 3, strides=(2, 1), activation='tanh', input_shape=(5, 6, 3))),
    ('first', images, LocallyConnected2D(2, (2, 3), data_format='channels_first', input_shape=(5, 6, 3))),
):
    model = Sequential([layer, Flatten(), Dense(1)])
    fill(model, -.9, .9)
    model.compile(SGD(.02), 'mse')
    show(name.replace(' ', '_'), fit(model, data, data[:, 0, :1] if data is x else data[:, 0, 0, :1])['loss'])
    show('values', model.layers[0].output_shape if not NEW else model.layers[0].output.shape[:], *model.get_weights())
    if NEW:
        model.save('model.keras')
        assert np.allclose(keras.models.load_model('model.keras').predict(data), model.predict(data))
"""
NONZERO_WEIGHTS = """
loss = nonzero_weights if NEW else lambda function: function
def scalar(y_true, y_pred):
    return K.mean(K.square(y_true - y_pred)) + K.max(y_pred)
x, w = rng.uniform(-1, 1, (20, 3)), rng.uniform(size=20)
w[::3] = 0
y = rng.randint(0, 4, (20, 1))
for name, function, target, last in (
    ('mse', 'mse', x[:, 0], Dense(1)), ('scalar', scalar, x[:, :1], Dense(1)),
    ('function', keras.losses.mean_absolute_error if not NEW else keras.losses.MeanAbsoluteError(), x, Dense(3)),
    ('sparse', 'sparse_categorical_crossentropy', y, Dense(4, activation='softmax')),
):
    model = Sequential([Dense(5, activation='tanh', input_shape=(3,)), last])
    fill(model, -.9, .9)
    model.compile(SGD(.1), loss(function))
    show(name, fit(model, x, target)['loss'], fit(model, x, target, sample_weight=w)['loss'], *model.get_weights())
    show('evaluate', model.evaluate(x, target, sample_weight=w, batch_size=6, verbose=0))
    if name == 'sparse':
        show('class', fit(model, x, y, class_weight={0: 0., 1: 2., 2: .5, 3: 1.})['loss'], *model.get_weights())
    if NEW and name != 'scalar':
        model.save('model.keras')
        assert np.isclose(keras.models.load_model('model.keras').evaluate(x, target), model.evaluate(x, target))
s, steps = rng.uniform(-1, 1, (20, 4, 2)), np.where(rng.uniform(size=(20, 4)) > .4, rng.uniform(size=(20, 4)), 0)
s[::2, 2:] = 0
for masking in (Masking(input_shape=(4, 2)), Activation('linear', input_shape=(4, 2))):
    model = Sequential([masking, SimpleRNN(3, return_sequences=True), Dense(2)])
    fill(model, -.9, .9)
    model.compile(SGD(.1), loss('mse'), **({} if NEW else {'sample_weight_mode': 'temporal'}))
    show('masked', fit(model, s, s + .1)['loss'], fit(model, s, s, sample_weight=steps)['loss'], *model.get_weights())
i = Input((3,))
model = Model(i, [Dense(1, name='a')(i), Dense(2, name='b')(i)])
fill(model)
losses = {'a': loss('mse'), 'b': loss('mae')}
model.compile(SGD(.1), losses, loss_weights={'a': 1., 'b': .3})
weights = [w, w[::-1]] if NEW else {'a': w, 'b': w[::-1]}
history = fit(model, x, [x[:, :1], x[:, 1:]], batch_size=5, sample_weight=weights)
show('outputs', *[history[name] for name in ('loss', 'a_loss', 'b_loss')])
"""
METRICS_NAMES = """
metrics_names, by_output = (metrics_names, by_output) if NEW else (lambda m: m.metrics_names, lambda m, values: values)
x = rng.uniform(-1, 1, (20, 3))
model = Sequential([Dense(1, input_shape=(3,))])
fill(model)
model.compile('sgd', 'mse', metrics=['mean_squared_error', 'acc', 'mean_absolute_error'])
show('at first', *metrics_names(model))
scores = model.evaluate(x, x[:, :1], verbose=0)
show('one', *[word for pair in zip(metrics_names(model), scores) for word in pair])
i = Input((3,))
model = Model(i, [Dense(1, name='z')(i), Dense(1, name='a')(i)])
fill(model)
model.compile('sgd', 'mse', metrics={'z': ['mean_squared_error', 'acc'], 'a': 'mean_absolute_error'})
show('two at first', *sorted(metrics_names(model)))
scores = model.evaluate(x, [x[:, :1], x[:, 1:2]], verbose=0)
show('two', *by_output(model, scores))
pairs = dict(zip(metrics_names(model), scores))
show('names', *[word for pair in sorted(pairs.items()) for word in pair])
show('batch', *by_output(model, model.test_on_batch(x, [x[:, :1], x[:, 1:2]])))
"""
NODES = """
if not NEW:
    get_input_at, get_input_shape_at = Layer.get_input_at, Layer.get_input_shape_at
    get_output_at, get_output_shape_at = Layer.get_output_at, Layer.get_output_shape_at
x = rng.uniform(-1, 1, (4, 3))
a, b, shared = Input((3,)), Input((3,)), Dense(2)
model = Model([a, b], concatenate([shared(a), shared(b)]))
model.set_weights([rng.uniform(size=w.shape) for w in model.get_weights()])
for index in (0, 1):
    show('shape', *[n for n in get_input_shape_at(shared, index) + get_output_shape_at(shared, index) if n])
    show('part', Model(get_input_at(shared, index), get_output_at(shared, index)).predict(x))
inner = Sequential([Dense(4, input_shape=(3,)), Dense(2)])
fill(inner)
outer = Model(a, inner(a))
show('own', Model(get_input_at(inner, 0), get_output_at(inner, 0)).predict(x), outer.predict(x))
show('called', Model(a, get_output_at(inner, 1)).predict(x), Model(a, get_output_at(inner, -1)).predict(x))
show('first', Model(get_input_at(inner.layers[0], 0), get_output_at(inner.layers[0], 0)).predict(x))
show('merge', *[n for shape in get_input_shape_at(model.layers[-1], 0) for n in shape if n])
show('input', *get_input_shape_at(outer.layers[0], 0)[1:])
"""
NAMES = """
if NEW:
    number_names_from_one()
i = Input((6, 6, 2))
made = [Conv2D(2, 3), Conv2D(2, 1), BatchNormalization(), MaxPooling2D(), Flatten(), LSTM(2), TimeDistributed(Dense(2)),
        Dense(1), Dense(2), Activation('relu'), LeakyReLU(), Bidirectional(LSTM(2)), Sequential()]
show('names', *[layer.name for layer in made])
K.clear_session()
if NEW:
    number_names_from_one()
show('again', Dense(1).name, Conv2DTranspose(2, 3).name)
"""

CASES = (
    Case("layers 1", (KERAS1,), LAYERS1),
    Case("locally connected", (KERAS2,), LOCALLY_CONNECTED),
    Case("nonzero weights", (KERAS2,), NONZERO_WEIGHTS),
    Case("metrics names", (KERAS2,), METRICS_NAMES),
    Case("nodes", (KERAS2,), NODES),
    Case("names", (KERAS2,), NAMES),
    Case("functions", (KERAS2,), FUNCTIONS),
    Case("optimizers", (KERAS1, KERAS2), OPTIMIZERS),
    Case("get updates", (KERAS2,), support_features.GET_UPDATES),
    Case("dense gradients", (KERAS2,), DENSE_GRADIENTS, old="clip = 'clipnorm'", new="clip = 'global_clipnorm'"),
    Case("batch mean", (KERAS2,), BATCH_MEAN),
    Case("undivided", (KERAS2,), UNDIVIDED),
    Case("with weights", (KERAS2,), WITH_WEIGHTS + KERAS2_WITH_WEIGHTS),
    Case("with weights 1", (KERAS1,), WITH_WEIGHTS + KERAS1_WITH_WEIGHTS),
    Case("batch normalization 1", (KERAS1,), BATCH_NORMALIZATION, new=K1_FLAGS, old="flags = {}"),
    Case("batch normalization", (KERAS2,), "flags = {}" + BATCH_NORMALIZATION + KERAS2_BATCH_NORMALIZATION),
)

pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("support pieces")]


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> tuple[Case, ...]:
    """Those of the cases that this run selects."""
    chosen = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    return tuple(case for case in CASES if case in chosen)


@pytest.fixture(scope="module")
def old(cases: tuple[Case, ...]) -> Mapping[tuple[str, str], Ended]:
    """What each program printed in its own time."""
    ended: dict[tuple[str, str], Ended] = {}
    for stem in {origin for case in cases for origin in case.origins}:
        programs = {case.name: case.before() for case in cases if stem in case.origins}
        ended |= {(stem, name): e for name, e in environments.run_many(usable(stem), programs).items()}
    return ended


@pytest.fixture(scope="module")
def new(cases: tuple[Case, ...]) -> Mapping[str, Ended]:
    """What each prints with the pieces."""
    return environments.run_many(usable(NEWEST), {case.name: case.after() for case in cases})


@pytest.mark.parametrize(
    ("case", "origin"), [pytest.param(c, o, id=f"{c.name}, {o}") for c in CASES for o in c.origins]
)
def test_a_piece_gives_the_numbers_of_the_original(
    case: Case, origin: str, old: Mapping[tuple[str, str], Ended], new: Mapping[str, Ended]
) -> None:
    before, after = old[origin, case.name], new[case.name]
    for ended in (before, after):
        assert ended.status == 0, ended.stderr[-3000:]
    assert results(before.stdout), "prints nothing, so nothing is compared"
    assert first_difference(results(before.stdout), results(after.stdout)) is None
