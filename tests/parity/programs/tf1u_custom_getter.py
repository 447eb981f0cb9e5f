"""variable_scope with custom getters, templates, partitioners and regularizers; averages read by a getter."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(3)
X = rng.randn(10, 4).astype(np.float32)
Y = rng.randint(0, 3, 10)


def classifier(inputs, scope='net', reuse=False, getter=None):
    with tf.variable_scope(scope, reuse=reuse, custom_getter=getter,
                           initializer=tf.constant_initializer(0.1),
                           regularizer=tf.contrib.layers.l2_regularizer(0.01)):
        w = tf.get_variable('w', initializer=tf.constant(X[:4, :4] * 0.3), regularizer=None)
        h = tf.tanh(tf.matmul(inputs, w))
        h = tf.layers.dense(h, 5, name='fc', kernel_initializer=tf.constant_initializer(X[:4].sum(1, keepdims=True) * np.ones((4, 5)) * .2))
        b = tf.get_variable('b', [5], regularizer=tf.no_regularizer)
        return tf.layers.dense(h + b, 3, name='logits', use_bias=False)


def ema_getter(ema):
    def getter(getter, name, *args, **kwargs):
        var = getter(name, *args, **kwargs)
        average = ema.average(var)
        return average if average is not None else var
    return getter


def scaled(getter, name, *args, **kwargs):
    return 2.0 * getter(name, *args, **kwargs)


x = tf.placeholder(tf.float32, (None, 4))
y = tf.placeholder(tf.int64, (None,))
logits = classifier(x)
xent = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=logits)
penalty = tf.losses.get_regularization_loss()
loss = tf.losses.get_total_loss()
params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, 'net')
ema = tf.train.ExponentialMovingAverage(decay=0.9)
train = tf.train.AdamOptimizer(0.1).minimize(loss)
with tf.control_dependencies([train]):
    train_op = ema.apply(params)
averaged = classifier(x, reuse=True, getter=ema_getter(ema))

with tf.variable_scope('doubled', custom_getter=scaled):
    doubled = tf.get_variable('v', [2], initializer=tf.constant_initializer(1.5))

shared = tf.make_template('shared', lambda t: tf.matmul(t, tf.get_variable(
    'k', [4, 2], initializer=tf.constant_initializer(0.25))))
twice = shared(x) - 0.5 * shared(2.0 * x)

with tf.variable_scope('parts', partitioner=tf.fixed_size_partitioner(2)):
    table = tf.get_variable('table', [6, 2], initializer=tf.constant_initializer(np.ones((3, 2)) * 0.5))
found = tf.nn.embedding_lookup(table, [0, 3, 5], partition_strategy='div')

print('RESULT regularized', len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)))
print('RESULT names', *[v.op.name for v in params])
print('RESULT all', len(tf.global_variables()), len(tf.trainable_variables()))
with tf.variable_scope('net') as scope:
    print('RESULT scope', scope.name, scope.original_name_scope, scope.reuse)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        _, l, p = sess.run([train_op, loss, penalty], {x: X, y: Y})
        print('RESULT loss', step, l, p)
    print('RESULT averaged', *sess.run(averaged, {x: X[:2]}).ravel())
    print('RESULT logits', *sess.run(logits, {x: X[:2]}).ravel())
    print('RESULT doubled', *sess.run(doubled))
    print('RESULT template', float(np.abs(sess.run(twice, {x: X})).sum()), *[v.name for v in shared.variables])
    print('RESULT found', *sess.run(found).ravel())
