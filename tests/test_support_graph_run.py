"""Each piece for graph programs against TensorFlow 1.15: one program, run with `tf.layers`, `tf.contrib` and slim
there, and with the pieces on the newest TensorFlow in graph mode; numbers, names and collections must be equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

import environments
import pytest
from conftest import usable
from environments import KERAS2, NEWEST, Ended
from printed import first_difference, results

from tfkdoctor import support

OLD = """
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim
L, C, R, F = tf.layers, tf.contrib.layers, tf.contrib.rnn, tf.contrib.framework
S, A = slim, tf.contrib.seq2seq
NEW = False
"""
# A piece is named as what it stands for: layers_dense, LayersDense, contrib_conv2d, arg_scope.
TODAY = f"""
import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
open('tf_legacy.py', 'w', encoding='utf-8').write({support.module_text(support.pieces(), None)!r})
import tf_legacy
class Pieces:
    def __init__(self, prefix):
        self.prefix = prefix
    def __getattr__(self, name):
        for wanted in (self.prefix.title() + name, self.prefix + '_' + name, name):
            if hasattr(tf_legacy, wanted):
                return getattr(tf_legacy, wanted)
        return getattr(tf.nn, name)
L, C, R, F, S, A = map(Pieces, ('layers', 'contrib', '', 'contrib', 'contrib', ''))
S.utils, S.learning = C, Pieces('')
L.Layer, slim = tf_legacy.GraphLayer, S
NEW = True
"""
COMMON = """
rng = np.random.RandomState(7)
tf.reset_default_graph()
def show(name, *values):
    print('RESULT', name, *[v for value in values for v in np.ravel(value)])
def fill(session):
    # every variable in the order in which it was made, so that an order that differs shows
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    for variable in tf.global_variables():
        if variable.dtype.base_dtype.is_floating:
            low = .5 if 'variance' in variable.name else -.5
            session.run(tf.assign(variable, rng.uniform(low, .9, variable.shape.as_list())))
def names(title, *keys):
    for key in keys or ('trainable_variables', 'variables', 'model_variables', 'regularization_losses', 'update_ops'):
        items = [item.name for item in tf.get_collection(key)]
        show(title + '_' + key, *[name.split('/AssignSub')[0] if key == 'update_ops' else name for name in items])
def train(title, outputs, feed, steps=3, rate=.1):
    # values, gradients through training, and what the variables are afterwards
    loss = tf.reduce_mean(tf.square(outputs - .3))
    losses = tf.get_collection('regularization_losses')
    total = tf.add_n([loss] + losses) if losses else loss
    with tf.control_dependencies(tf.get_collection('update_ops')):
        step = tf.train.GradientDescentOptimizer(rate).minimize(total)
    names(title)
    with tf.Session() as session:
        fill(session)
        show(title + '_outputs', session.run(outputs, feed))
        for _ in range(steps):
            show(title + '_loss', session.run([total, step], feed)[0])
        show(title + '_after', session.run(outputs, feed))
        for variable in tf.global_variables():
            show(variable.op.name, session.run(variable))
    tf.reset_default_graph()
x2, x3, x4, x5 = (rng.uniform(-1, 3, (4, 5, 6, 2, 2)[:n]) for n in (2, 3, 4, 5))
x1, x5 = rng.uniform(-1, 1, (6, 7, 3)), rng.uniform(-1, 1, (2, 5, 4, 6, 2))
images = rng.uniform(-1, 1, (4, 8, 7, 3))
def fed(value, dtype=tf.float32):
    return tf.placeholder(dtype, [None] + list(value.shape[1:]))
l2 = lambda w: .01 * tf.nn.l2_loss(w)
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A program in the names of TensorFlow 1.15."""

    name: str
    program: str

    def before(self) -> str:
        return OLD + COMMON + dedent(self.program)

    def after(self) -> str:
        return TODAY + COMMON + dedent(self.program)


DENSE = """
x = fed(x2)
h = L.dense(x, 4, tf.nn.relu, kernel_regularizer=l2, name='first')
h = L.dense(inputs=h, units=3, activation='tanh', bias_initializer=tf.zeros_initializer, use_bias=True)
h = L.dense(h, 3, use_bias=False, activity_regularizer=l2, kernel_constraint=lambda w: tf.clip_by_value(w, -1., 1.))
with tf.variable_scope('outer', regularizer=l2):
    a = L.dense(h, 2, kernel_regularizer=l2)
    b = L.dense(h, 2, activation=tf.nn.sigmoid, trainable=False)
train('dense', L.dense(tf.concat([a, b], 1), 1), {x: x2})
x = fed(x3)
layer = L.Dense(3, kernel_initializer='glorot_uniform', activation=tf.tanh)
one, two = layer(x), layer.apply(x * 2.)
show('weights', *[v.name for v in layer.trainable_weights + layer.variables + [layer.kernel, layer.bias]])
show('shapes', *(one.shape.as_list()[1:] + [one.name, two.name, layer.units]))
train('three', one + two, {x: x3})
def net(x, reuse=None):
    with tf.variable_scope('net', reuse=reuse):
        return L.dense(L.dense(x, 3), 2, name='out')
x = fed(x2)
one, two = net(x), net(x + 1., reuse=True)
def shared(x):
    with tf.variable_scope('shared', reuse=tf.AUTO_REUSE):
        return L.dense(x, 2, name='d', kernel_regularizer=l2)
def again(x, reuse):
    return L.dense(x, 2, name='direct', reuse=reuse)
train('reuse', one * two + shared(one) * shared(two) + again(x, None) + again(x, True), {x: x2})
x = fed(x2, tf.float64)
class Mine(L.Dense):
    def call(self, inputs):
        return 2 * super(Mine, self).call(inputs)
class Own(L.Layer):
    def build(self, shape):
        self.w = self.add_variable('w', [int(shape[-1]), 2], initializer=tf.ones_initializer())
        self.built = True
    def call(self, inputs):
        return tf.matmul(inputs, self.w)
train('double', Own(name='own')(Mine(3)(x)), {x: x2})
"""
CONVOLUTIONS = """
x = fed(images)
h = L.conv2d(x, 4, 3, activation=tf.nn.relu)
h = L.conv2d(h, filters=2, kernel_size=[2, 3], strides=(2, 1), padding='same', kernel_regularizer=l2, name='named')
h = L.conv2d(h, 2, (2, 1), dilation_rate=(1, 2), use_bias=False, padding='SAME')
h = L.conv2d_transpose(h, 3, 3, strides=2, padding='same', activation=tf.nn.tanh)
h = L.conv2d_transpose(h, 2, [3, 2], (2, 3), name='up')
show('shape', *h.shape.as_list()[1:])
h = L.separable_conv2d(h, 3, 3, depth_multiplier=2, activation=tf.nn.elu, depthwise_regularizer=l2)
h = L.max_pooling2d(h, 2, 2)
h = L.average_pooling2d(h, pool_size=[3, 2], strides=[1, 2], padding='same')
show('ops', h.name, *h.shape.as_list()[1:])
h = L.flatten(h)
show('flat', h.name, *h.shape.as_list()[1:])
train('images', L.dense(h, 1), {x: images}, rate=.001)
x = fed(x1)
h = L.conv1d(x, 4, 3, activation=tf.nn.relu, padding='causal', dilation_rate=2) if hasattr(L, 'conv1d') else None
h = L.max_pooling1d(L.conv1d(h, 3, 2, 2), 2, 1)
h = L.separable_conv1d(h, 3, 2, padding='same') + L.average_pooling1d(h, 2, 1, 'same')
train('steps', L.conv1d(h, 1, 1), {x: x1})
x = fed(x5)
h = L.max_pooling3d(L.conv3d(x, 3, [2, 1, 2], padding='same'), 2, (1, 2, 2))
h = L.average_pooling3d(L.conv3d_transpose(h, 2, 3, strides=(1, 2, 1)), (1, 2, 1), 1)
show('volume', *h.shape.as_list()[1:])
train('volumes', h, {x: x5}, rate=.01)
x = fed(images)
conv = L.Conv2D(2, 3, name='c', padding='same')
pool, drop, flat = L.MaxPooling2D((2, 2), 2), L.Dropout(.5), L.Flatten()
h = conv(conv(tf.concat([x[..., :1], x[..., 1:2]], 3))) if True else None
show('class', conv.name, conv.scope_name, *[v.name for v in conv.weights])
train('classes', flat(pool(drop(h))), {x: images})
"""
BATCH_NORMALIZATION = """
for number, (data, options) in enumerate([
    (images, {}), (images, {'fused': False, 'momentum': .9}), (x2, {'momentum': .9, 'scale': False}), (x3, {'axis': 1}),
    (images, {'center': False, 'beta_regularizer': l2, 'gamma_regularizer': l2, 'epsilon': 1e-5}), (x5, {}),
    (x2, {'trainable': False}), (images, {'scale': False, 'name': 'bn', 'momentum': .5}), (images, {'axis': [1, 3]}),
]):
    for how in range(4):
        x, fill_in = fed(data), tf.placeholder(tf.bool, [])
        flag = [True, False, fill_in, tf.placeholder_with_default(False, [])][how]
        h = L.batch_normalization(L.dense(x, 2, trainable=bool(how)), training=flag, **options)
        train('bn%d_%d' % (number, how), L.dense(h, 1), {x: data, fill_in: True}, 2)
x = fed(images)
layer = L.BatchNormalization(momentum=.8)
h, _ = layer(x, training=True), layer(x * x, training=False)
show('statistics', layer.moving_mean.name, layer.gamma.name, len(layer.updates), layer.trainable_weights[0].name)
train('layer', h, {x: images})
x = fed(x2)
keep = tf.placeholder_with_default(False, [])
train('dropout', L.dropout(x, .4) + L.dropout(x, rate=.3, training=keep) + L.dense(x, 1), {x: x2})
tf.set_random_seed(3)
x = tf.constant(x2, tf.float32)
with tf.Session() as session:
    show('seed', session.run(L.dropout(x, .4, seed=5, training=True)))
    show('noise', session.run(L.dropout(x, .4, seed=5, training=True, noise_shape=[None, 1])))
"""

CONTRIB = """
x = fed(images)
h = C.conv2d(x, 4, 3, weights_regularizer=C.l2_regularizer(.01), biases_regularizer=C.l1_regularizer(.02))
params = {'decay': .9, 'scale': True}
h = slim.conv2d(h, 3, [3, 2], stride=2, normalizer_fn=C.batch_norm, normalizer_params=params, scope='two')
h = C.conv2d(h, 3, 2, rate=2, activation_fn=None, biases_initializer=None)
h = C.conv2d_transpose(h, 3, 3, 2, activation_fn=tf.nn.tanh, outputs_collections='ends')
h = C.separable_conv2d(h, 3, 3, 2, outputs_collections=['ends', 'more']) + C.separable_conv2d(h, None, [3, 3], 1)
h = slim.max_pool2d(h, 2, scope='pool', outputs_collections='ends')
h = C.avg_pool2d(h, [3, 2], stride=1, padding='SAME', outputs_collections='ends')
show('pool', h.name, *h.shape.as_list()[1:])
h = C.dropout(h, .7, is_training=False, outputs_collections='ends')
h = C.flatten(h, outputs_collections='ends')
both = C.l1_l2_regularizer(.01, .02)
h = C.fully_connected(h, 3, weights_regularizer=both, normalizer_fn=C.layer_norm, outputs_collections='ends')
show('ends', *slim.utils.convert_collection_to_dict('ends'))
h = C.linear(h, 2, scope='linear') + C.relu(h, 2) * slim.relu6(h, 2) + C.elu(h, 2, scope='e')
h = C.bias_add(h, initializer=tf.ones_initializer(), regularizer=C.l2_regularizer(.5), activation_fn=tf.sigmoid)
train('layers', h, {x: images}, rate=.001)
x = fed(x1)
h = C.conv1d(x, 4, 3, variables_collections=['mine']) if hasattr(C, 'conv1d') else x
h = C.fully_connected(h, 2, variables_collections={'weights': ['w'], 'biases': ['b']}, scope='three')
names('collections', 'mine', 'w', 'b')
h = C.layer_norm(h, begin_norm_axis=2, variables_collections=['norm']) + C.unit_norm(h, 2)
train('sequence', C.maxout(C.fully_connected(h, 6, None), 2), {x: x1}, rate=.01)
x = fed(x5)
h = C.max_pool3d(C.conv3d(x, 2, [1, 2, 2]), 2, 1) if hasattr(C, 'conv3d') else x
train('volume', C.avg_pool3d(C.conv3d_transpose(h, 2, 3), (2, 1, 1), (1, 2, 1)), {x: x5}, rate=.01)
def discriminator(x, reuse=None):
    with tf.variable_scope('d', reuse=reuse):
        h = C.fully_connected(x, 4)
        h = C.batch_norm(h, updates_collections='never' if reuse else None, decay=.8)
        return C.fully_connected(h, 1, activation_fn=None, scope='out')
x = fed(x2)
one, two = discriminator(x), discriminator(x + .1, True)
three = C.fully_connected(x, 4, scope='s') + C.fully_connected(x + 1, 4, scope='s', reuse=True)
with tf.variable_scope('outer', regularizer=C.l2_regularizer(.1), initializer=tf.ones_initializer()):
    decay = C.l2_regularizer(.3)
    four = C.fully_connected(three, 2, weights_regularizer=decay, trainable=False, weights_initializer=None)
five = C.repeat(x, 2, C.fully_connected, 3, scope='r') + C.repeat(x, 2, C.fully_connected, 3)
six = C.stack(x, C.fully_connected, [4, 3], activation_fn=tf.nn.elu)
six += C.stack(x, slim.fully_connected, [(2,), (3, None)], scope='st')
penalty = C.apply_regularization(C.l2_regularizer(.01), tf.trainable_variables()[:2])
show('shared', penalty.name)
train('reuse', one + two + tf.reduce_mean(four) + C.softmax(five) [:, :1] + six[:, :1], {x: x2}, 2)
i = tf.constant([[1, 2], [0, 4]])
h = C.embed_sequence(i, 5, 3, scope='e') + C.embed_sequence(i, scope='e', reuse=True, vocab_size=5, embed_dim=3)
train('embed', h * C.one_hot_encoding(i, 3), {})
tf.set_random_seed(1)
w = [tf.get_variable('w%d' % n, [4, 3, 5], initializer=initializer) for n, initializer in enumerate([
    C.xavier_initializer(seed=1), C.xavier_initializer(uniform=False, seed=2), C.variance_scaling_initializer(seed=3),
    C.variance_scaling_initializer(factor=.5, mode='FAN_AVG', uniform=True, seed=4), C.xavier_initializer(seed=None)])]
b = tf.get_variable('b', [7], initializer=C.xavier_initializer(seed=8))
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    show('random', *session.run(w[:4] + [b]))
    tf.set_random_seed(4)
    show('dropped', session.run(C.dropout(tf.constant(x2), .6, seed=9)))
"""
BATCH_NORM = """
for number, (data, options) in enumerate([
    (images, {}), (images, {'fused': False}), (x2, {'decay': .9}), (x3, {'scale': True}),
    (images, {'updates_collections': None, 'scale': True, 'decay': .5}), (x2, {'updates_collections': None}),
    (x3, {'updates_collections': None, 'decay': .5, 'center': False, 'activation_fn': tf.nn.relu}),
    (images, {'fused': False, 'updates_collections': None, 'param_initializers': {'beta': tf.ones_initializer()}}),
    (x2, {'updates_collections': 'own', 'zero_debias_moving_mean': True, 'decay': .9}),
    (images, {'param_regularizers': {'gamma': l2, 'beta': l2}, 'scale': True, 'variables_collections': ['bn_vars']}),
    (x2, {'trainable': False, 'scope': 'named', 'param_regularizers': {'beta': l2}, 'fused': True}),
    (x2, {'fused': False, 'batch_weights': np.float32([1, .5, 2, 1])}),
    (x2, {'fused': False, 'updates_collections': 'own'}),
]):
    for how in range(4):
        x, fill_in = fed(data), tf.placeholder(tf.bool, [])
        flag = [True, False, fill_in, tf.placeholder_with_default(False, [])][how]
        h = C.batch_norm(L.dense(x, 2), is_training=flag, **options)
        names('own%d_%d' % (number, how), 'bn_vars')
        for update in tf.get_collection('own'):
            tf.add_to_collection('update_ops', update)
        train('bn%d_%d' % (number, how), L.dense(h, 1), {x: data, fill_in: True}, 2)
"""

CELLS = """
x = fed(x1)
h = x1.shape[1]
for number, make in enumerate([
    lambda: R.BasicRNNCell(3), lambda: R.BasicLSTMCell(3), lambda: R.GRUCell(3, activation=tf.nn.relu),
    lambda: R.LSTMCell(3, True, num_proj=2, cell_clip=.4, proj_clip=.3, initializer=tf.ones_initializer()),
    lambda: R.LSTMCell(3, forget_bias=.5, state_is_tuple=False, name='named'),
    lambda: R.LSTMBlockCell(3, use_peephole=True), lambda: R.LSTMBlockCell(2, forget_bias=0.),
    lambda: R.MultiRNNCell([R.GRUCell(2), R.BasicLSTMCell(3, activation=tf.sigmoid)]),
    lambda: R.MultiRNNCell([R.BasicLSTMCell(2, state_is_tuple=False) for _ in range(2)], state_is_tuple=False),
    lambda: R.DropoutWrapper(R.LSTMCell(3), output_keep_prob=tf.placeholder_with_default(1., [])),
    lambda: R.ResidualWrapper(R.GRUCell(3)), lambda: R.LayerNormBasicLSTMCell(3),
    lambda: R.OutputProjectionWrapper(R.BasicRNNCell(3), 2), lambda: R.InputProjectionWrapper(R.BasicRNNCell(3), 2),
    lambda: R.DeviceWrapper(R.GRUCell(2, kernel_initializer=tf.ones_initializer(), bias_initializer=None), '/cpu:0'),
    lambda: R.LayerNormBasicLSTMCell(3, layer_norm=False),
]):
    x, length = fed(x1), tf.placeholder(tf.int32, [None])
    cell = make()
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=length, dtype=tf.float32)
    show('sizes', str(cell.state_size), cell.output_size, *[v.name for v in cell.variables])
    flat = tf.contrib.framework.nest.flatten(state) if not NEW else tf.nest.flatten(state)
    train('cell%d' % number, tf.concat([outputs[:, -1], outputs[:, 2]] + flat, 1), {x: x1, length: [7, 1, 3, 2, 7, 4]})
"""
NETWORKS = """
x = fed(x1)
steps = tf.unstack(x, axis=1)
outputs, state = tf.nn.static_rnn(R.BasicLSTMCell(2), steps, dtype=tf.float32)
train('static', tf.concat([outputs[-1], state.c, state.h], 1), {x: x1})
x = fed(x1)
steps = tf.unstack(x, axis=1)
both, one, two = tf.nn.static_bidirectional_rnn(R.GRUCell(2), R.GRUCell(3), steps, dtype=tf.float32)
with tf.variable_scope('other'):
    (fw, bw), (s1, s2) = tf.nn.bidirectional_dynamic_rnn(R.LSTMCell(2), R.BasicLSTMCell(2), x, dtype=tf.float32)
cells = lambda: [R.BasicLSTMCell(n) for n in (2, 3)]
stacked, f, b = R.stack_bidirectional_dynamic_rnn(cells(), cells(), x, dtype=tf.float32)
listed, _, _ = R.stack_bidirectional_rnn(cells(), cells(), steps, dtype=tf.float32, scope='listed')
total = [both[0], one, two, fw[:, -1], bw[:, 0], s1.c, s2.h, stacked[:, 3], f[0].c, b[1].h, listed[2]]
train('bidirectional', tf.concat(total, 1), {x: x1})
class Old(R.RNNCell):
    def __init__(self, units):
        self._units = units
    @property
    def state_size(self):
        return self._units
    @property
    def output_size(self):
        return self._units
    def __call__(self, inputs, state, scope=None):
        with tf.variable_scope(scope or type(self).__name__):
            w = tf.get_variable('w', [inputs.get_shape()[-1], self._units])
            return tf.matmul(inputs, w) + .5 * state, tf.tanh(state + 1.)
class New(R.RNNCell):
    def __init__(self, units, reuse=None):
        super(New, self).__init__(_reuse=reuse)
        self._units = units
    @property
    def state_size(self):
        return R.LSTMStateTuple(self._units, tf.TensorShape([self._units]))
    @property
    def output_size(self):
        return self._units
    def call(self, inputs, state):
        c, h = state
        w = tf.get_variable('w', [int(inputs.shape[-1]), self._units])
        h = tf.layers.dense(h, self._units, name='inner') if not NEW else L.dense(h, self._units, name='inner')
        return tf.matmul(inputs, w) + h, R.LSTMStateTuple(c + 1., h)
x = fed(x1)
old, new = Old(2), New(3)
a, _ = tf.nn.dynamic_rnn(old, x, dtype=tf.float32)
b, state = tf.nn.dynamic_rnn(new, x, initial_state=new.zero_state(tf.shape(x)[0], tf.float32), scope='own')
c, _ = tf.nn.static_rnn(New(3), tf.unstack(x, axis=1), dtype=tf.float32, scope='static')
cell, zero = R.BasicLSTMCell(2), None
state_in = cell.zero_state(6, tf.float32)
for step in range(3):
    out, state_in = cell(x[:, step], state_in)
with tf.variable_scope('shared') as scope:
    cell2 = R.GRUCell(2, name='g')
    one, s = cell2(x[:, 0], tf.zeros([6, 2]))
    scope.reuse_variables()
    again, _ = R.GRUCell(2, name='g', reuse=True)(x[:, 1], s)
names('own')
show('weights', *[v.name for v in new.weights])
train('users', tf.concat([a[:, -1], b[:, 2], state.c, c[3], out, state_in.c, one, again], 1), {x: x1})
tf.set_random_seed(2)
x = tf.constant(x1, tf.float32)
wrapped = R.DropoutWrapper(R.BasicLSTMCell(2), .5, .6, .7, seed=3)
out, state = wrapped(x[:, 0], wrapped.zero_state(6, tf.float32))
same = R.DropoutWrapper(R.GRUCell(3), .5, .6, .7, variational_recurrent=True, input_size=3, dtype=tf.float32, seed=4)
out2, state2 = same(x[:, 0], tf.ones([6, 3]))
with tf.Session() as session:
    fill(session)
    show('dropout', *session.run([out, state.c, state.h, out2, state2]))
logits, targets = tf.constant(rng.uniform(-1, 1, (3, 4, 5)), tf.float32), tf.constant(rng.randint(0, 5, (3, 4)))
weights = tf.constant([[1, 1, 1, 0], [1, .5, 0, 0], [1, 1, 1, 1]], tf.float32)
kinds = [{}, {'average_across_timesteps': False}, {'average_across_batch': False}]
kinds += [{'average_across_timesteps': False, 'average_across_batch': False}]
kinds += [dict(kinds[3], sum_over_timesteps=True), dict(kinds[3], sum_over_batch=True)]
kinds += [dict(kinds[3], sum_over_timesteps=True, sum_over_batch=True)]
kinds += [dict(average_across_batch=False, sum_over_batch=True)]
kinds += [dict(average_across_timesteps=False, sum_over_timesteps=True)]
with tf.Session() as session:
    for options in kinds:
        show('loss', session.run(A.sequence_loss(logits, targets, weights, **options)))
    args = [tf.unstack(each, axis=1) for each in (logits, targets, weights)]
    by_example = A.sequence_loss_by_example if NEW else tf.contrib.legacy_seq2seq.sequence_loss_by_example
    legacy = A.legacy_sequence_loss if NEW else tf.contrib.legacy_seq2seq.sequence_loss
    show('examples', session.run(by_example(*args)), session.run(legacy(*args)))
    show('sums', session.run(legacy(*args, average_across_timesteps=False, average_across_batch=False)))
"""

SLIM = """
import os, tempfile
def vgg_arg_scope(weight_decay=.01):
    with slim.arg_scope([slim.conv2d, slim.fully_connected], activation_fn=tf.nn.relu,
                        weights_regularizer=slim.l2_regularizer(weight_decay),
                        biases_initializer=tf.ones_initializer()):
        with slim.arg_scope([slim.conv2d], padding='VALID') as scope:
            return scope
@slim.add_arg_scope
def block(x, depth, rate=1., scope=None, outputs_collections=None):
    with tf.variable_scope(scope, 'block', [x]) as sc:
        h = slim.conv2d(x, depth, 3, scope='conv') * rate
        return slim.utils.collect_named_outputs(outputs_collections, sc.name, h)
def network(x, is_training=True, reuse=None, scope='vgg'):
    with tf.variable_scope(scope, 'vgg', [x], reuse=reuse) as sc:
        ends = sc.original_name_scope + '_end_points'
        with slim.arg_scope([slim.conv2d, slim.max_pool2d, block], outputs_collections=ends):
            with slim.arg_scope([slim.batch_norm, slim.dropout], is_training=is_training):
                h = slim.repeat(x, 2, slim.conv2d, 4, [2, 2], scope='conv1')
                h = slim.conv2d(h, 3, 1, padding='SAME', normalizer_fn=slim.batch_norm, scope='conv2')
                with slim.arg_scope([block], rate=.5):
                    h = block(h, 3)
                h = slim.max_pool2d(h, [2, 2], scope='pool')
                h = slim.dropout(slim.flatten(h), 1., scope='drop')
                h = slim.fully_connected(h, 2, activation_fn=None, scope='fc')
                return h, slim.utils.convert_collection_to_dict(ends)
x = fed(images)
with slim.arg_scope(vgg_arg_scope()):
    logits, ends = network(x)
    tested, _ = network(x, False, True)
show('ends', *ends)
show('ends', *[end.name for end in ends.values()])
w = slim.model_variable('w', [2], initializer=tf.ones_initializer(), regularizer=slim.l2_regularizer(.05))
v = slim.variable('v', [2], initializer=tf.zeros_initializer(), trainable=False, collections=['mine'])
with slim.arg_scope([slim.variable, slim.model_variable], device='/cpu:0', trainable=False):
    u = slim.model_variable('u', shape=[1, 2], collections=['mine', 'yours'])
names('slim', 'mine', 'yours', 'variables', 'model_variables')
show('has', slim.has_arg_scope(slim.conv2d), slim.has_arg_scope(block), slim.has_arg_scope(network))
logits = logits * w + v + u
step = tf.train.get_or_create_global_step()
labels = tf.constant([0, 1, 1, 0])
loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
total = tf.losses.get_total_loss()
op = slim.learning.create_train_op(total, tf.train.GradientDescentOptimizer(.01), summarize_gradients=True,
                                   gradient_multipliers={'vgg/fc/weights': .5})
folder = tempfile.mkdtemp()
train_ = slim.slim_train if NEW else slim.learning.train
init_values = [rng.uniform(.1, .6, v.shape.as_list()) for v in tf.global_variables() if v.dtype.base_dtype.is_floating]
floats = [v for v in tf.global_variables() if v.dtype.base_dtype.is_floating]
assigns = [tf.assign(v, value) for v, value in zip(floats, init_values)]
with tf.Session() as session:
    session.run([tf.global_variables_initializer(), v.initializer])
    session.run(assigns)
    for _ in range(3):
        show('loss', session.run(op, {x: images}))
    show('step', session.run(step))
    show('tested', session.run(tested, {x: images}))
    for variable in floats:
        show(variable.op.name, session.run(variable))
tf.reset_default_graph()
data = tf.constant(x2, tf.float32)
outputs = slim.fully_connected(data, 1, activation_fn=None, weights_initializer=tf.ones_initializer())
total = tf.reduce_mean(tf.square(outputs))
op = slim.learning.create_train_op(total, tf.train.MomentumOptimizer(.01, .9), clip_gradient_norm=.7)
show('trained', train_(op, folder, number_of_steps=4, log_every_n_steps=2, save_summaries_secs=0))
show('saved', *sorted(name for name in os.listdir(folder) if name.startswith('model.ckpt') and 'data' not in name))
tf.reset_default_graph()
for optimizer, options in [
    ('SGD', {}), ('Adam', {'clip_gradients': .5}), (tf.train.AdagradOptimizer, {'update_ops': []}),
    (lambda rate: tf.train.MomentumOptimizer(rate, .5), {'gradient_multipliers': {'d/kernel:0': .1}}),
    ('RMSProp', {'learning_rate_decay_fn': lambda rate, step: tf.train.exponential_decay(rate, step, 1, .5)}),
]:
    x = fed(x2)
    h = L.dense(x, 1, name='d')
    step = tf.train.get_or_create_global_step()
    loss = tf.reduce_mean(tf.square(h - 1.))
    op = C.optimize_loss(loss, step, .1, optimizer, summaries=['loss', 'gradients', 'learning_rate'], **options)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run([tf.assign(v, tf.ones_like(v)) for v in tf.trainable_variables()])
        for _ in range(3):
            show('optimized', session.run(op, {x: x2}))
        show('then', *session.run(tf.trainable_variables() + [step]))
    names('o', 'variables', 'summaries')
    tf.reset_default_graph()
x = tf.nn.relu(tf.constant([-1., 2.]), name='r')
summaries = [C.summarize_activation(x), C.summarize_tensor(tf.reduce_sum(x, name='s'), 'tag'), C.summarize_tensor(x)]
tf.add_to_collection('activations', x)
tf.get_variable('a', [2])
summaries += C.summarize_activations() + C.summarize_collection('variables', 'a.*') + C.summarize_tensors([x])
show('summaries', *[each.name for each in summaries + tf.get_collection('summaries')])
v = [tf.get_variable('s/%s' % name, [1]) for name in 'abc']
show('filtered', *[each.op.name for each in slim.filter_variables(v, ['s/a', 'b'], ['b'])])
shape = tf.placeholder(tf.float32, [None, 3, 5]).shape
show('sizes', slim.utils.last_dimension(shape), slim.utils.channel_dimension(shape, 'channels_first', 3))
show('locals', slim.local_variable(1., name='l').name, slim.global_variable([1.], name='g').name)
names('l', 'local_variables', 'variables')
analyze_vars = tf_legacy.analyze_vars if NEW else slim.model_analyzer.analyze_vars
show('sizes', *analyze_vars(tf.global_variables(), print_info=True))
"""

CASES = (
    Case("slim", SLIM),
    Case("cells", CELLS),
    Case("recurrent networks", NETWORKS),
    Case("contrib", CONTRIB),
    Case("batch norm", BATCH_NORM),
    Case("dense", DENSE),
    Case("convolutions", CONVOLUTIONS),
    Case("batch normalization", BATCH_NORMALIZATION),
)

pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("graph pieces")]


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> tuple[Case, ...]:
    """Those of the cases that this run selects."""
    chosen = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    return tuple(case for case in CASES if case in chosen)


@pytest.fixture(scope="module")
def old(cases: tuple[Case, ...]) -> Mapping[str, Ended]:
    """What each program printed in its own time."""
    return environments.run_many(usable(KERAS2), {case.name: case.before() for case in cases})


@pytest.fixture(scope="module")
def new(cases: tuple[Case, ...]) -> Mapping[str, Ended]:
    """What each prints with the pieces."""
    return environments.run_many(usable(NEWEST), {case.name: case.after() for case in cases})


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_piece_gives_the_numbers_and_names_of_the_original(
    case: Case, old: Mapping[str, Ended], new: Mapping[str, Ended]
) -> None:
    before, after = old[case.name], new[case.name]
    for ended in (before, after):
        assert ended.status == 0, ended.stderr[-3000:]
    assert results(before.stdout), "prints nothing, so nothing is compared"
    assert first_difference(results(before.stdout), results(after.stdout)) is None
