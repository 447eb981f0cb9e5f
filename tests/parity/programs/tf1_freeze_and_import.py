"""Freeze a trained graph with convert_variables_to_constants, write it, import it into a new graph and run it by name."""
import os
import tempfile
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import graph_util
from tensorflow.python.platform import gfile

out_dir = tempfile.mkdtemp()
frozen_path = os.path.join(out_dir, 'frozen.pb')
data = np.random.RandomState(40).rand(10, 4).astype(np.float32)
target = data[:, :2] * 2 - data[:, 2:]

with tf.Graph().as_default() as graph:
    inp = tf.placeholder(tf.float32, [None, 4], name='input')
    hidden = tf.layers.dense(inp, 5, activation=tf.nn.relu, kernel_initializer=tf.constant_initializer(np.linspace(-.5, .7, 20)), name='hidden')
    output = tf.identity(tf.layers.dense(hidden, 2, kernel_initializer=tf.constant_initializer(np.linspace(.6, -.3, 10)), name='out'), name='output')
    tgt = tf.placeholder(tf.float32, [None, 2], name='target')
    loss = tf.losses.mean_squared_error(tgt, output)
    train_op = tf.train.AdamOptimizer(0.03).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(4):
            print('RESULT loss', sess.run([loss, train_op], {inp: data, tgt: target})[0])
        expected = sess.run(output, {inp: data[:2]})
        graph_def = graph.as_graph_def()
        frozen = graph_util.convert_variables_to_constants(sess, graph_def, ['output'])
        tf.train.write_graph(graph_def, out_dir, 'graph.pbtxt', as_text=True)
    with gfile.FastGFile(frozen_path, 'wb') as f:
        f.write(frozen.SerializeToString())
print('RESULT expected', *expected.ravel())
print('RESULT no_variables', sum(n.op.startswith('Variable') or n.op == 'VarHandleOp' for n in frozen.node))
print('RESULT text', int(os.path.getsize(os.path.join(out_dir, 'graph.pbtxt')) > 1000))

with tf.Graph().as_default():
    graph_def = tf.GraphDef()
    with tf.gfile.GFile(frozen_path, 'rb') as f:
        graph_def.ParseFromString(f.read())
    x, y = tf.import_graph_def(graph_def, name='net', return_elements=['input:0', 'output:0'])
    hidden = tf.get_default_graph().get_tensor_by_name('net/hidden/Relu:0')
    with tf.Session() as sess:
        out = sess.run(y, {x: data[:2]})
        print('RESULT imported', *out.ravel())
        print('RESULT same', int(np.allclose(out, expected)))
        print('RESULT hidden', *sess.run(hidden, {x: data[:1]})[0])
        saliency = tf.gradients(tf.reduce_sum(y), x)[0]
        print('RESULT saliency', *sess.run(saliency, {x: data[:1]})[0])
