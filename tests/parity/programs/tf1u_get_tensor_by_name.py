"""A net that is rebuilt from its meta graph, tensors by name; partial_run and make_callable."""
import os
import tempfile

import numpy as np
import tensorflow as tf

rng = np.random.RandomState(12)
data = rng.rand(6, 4).astype('float32')
target = rng.rand(6, 2).astype('float32')
path = os.path.join(tempfile.mkdtemp(), 'model.ckpt')


def build():
    x = tf.placeholder(tf.float32, [None, 4], name='input')
    y = tf.placeholder(tf.float32, [None, 2], name='label')
    keep_prob = tf.placeholder_with_default(1.0, shape=(), name='keep_prob')
    with tf.name_scope('hidden'):
        w = tf.Variable(tf.constant(rng.randn(4, 5), tf.float32), name='weights')
        b = tf.Variable(tf.zeros([5]), name='biases')
        h = tf.nn.dropout(tf.nn.sigmoid(tf.nn.xw_plus_b(x, w, b)), keep_prob, name='act')
    with tf.name_scope('output'):
        v = tf.Variable(tf.constant(rng.randn(5, 2), tf.float32), name='weights')
        out = tf.matmul(h, v, name='logits')
    loss = tf.reduce_mean(tf.squared_difference(out, y), name='loss')
    global_step = tf.Variable(0, trainable=False, name='global_step')
    train_op = tf.train.GradientDescentOptimizer(0.3).minimize(loss, global_step=global_step, name='train_op')
    tf.add_to_collection('outputs', out)
    tf.add_to_collection('train_op', train_op)
    return x, y, loss, train_op


x, y, loss, train_op = build()
saver = tf.train.Saver()
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        _, value = sess.run([train_op, loss], feed_dict={x: data, y: target})
        print('RESULT first', value)
    saver.save(sess, path, global_step=3)
print('RESULT files', *sorted(f for f in os.listdir(os.path.dirname(path)) if f.endswith('.meta')))

tf.reset_default_graph()
with tf.Session() as sess:
    loader = tf.train.import_meta_graph(path + '-3.meta')
    loader.restore(sess, path + '-3')
    graph = tf.get_default_graph()
    x = graph.get_tensor_by_name('input:0')
    y = graph.get_tensor_by_name('label:0')
    hidden = graph.get_tensor_by_name('hidden/act/mul:0') if 'hidden/act/mul' in [
        op.name for op in graph.get_operations()] else graph.get_tensor_by_name('hidden/Sigmoid:0')
    out = tf.get_collection('outputs')[0]
    train_op = tf.get_collection('train_op')[0]
    loss = graph.get_operation_by_name('loss').outputs[0]
    print('RESULT hidden', *sess.run(hidden, {x: data[:2]}).sum(axis=1))
    for _ in range(2):
        _, value, step = sess.run([train_op, loss, 'global_step:0'], feed_dict={'input:0': data, 'label:0': target})
        print('RESULT resumed', step, value)
    print('RESULT placeholders', *[op.name for op in graph.get_operations() if op.type == 'Placeholder'])
    print('RESULT variables', *[v.op.name for v in tf.global_variables()])
    with tf.variable_scope('finetune'):
        head = tf.reduce_sum(tf.stop_gradient(hidden) * tf.get_variable('scale', [5], initializer=tf.ones_initializer()), 1)
    sess.run(tf.variables_initializer([v for v in tf.global_variables() if v.op.name.startswith('finetune')]))
    print('RESULT head', *sess.run(head, {x: data[:3]}))
    missing = sess.run(tf.report_uninitialized_variables())
    print('RESULT uninitialized', len(missing))
    predict = sess.make_callable(out, [x])
    print('RESULT callable', *predict(data[:1]).ravel())
    a, b = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    s = a + 2.0
    p = s * b
    handle = sess.partial_run_setup([s, p], [a, b])
    middle = sess.partial_run(handle, s, feed_dict={a: 3.0})
    print('RESULT partial', middle, sess.partial_run(handle, p, feed_dict={b: middle * 2}))
