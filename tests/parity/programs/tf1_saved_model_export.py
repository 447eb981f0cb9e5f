"""Export with SavedModelBuilder and signatures, load with the tag and feed by signature names."""
import os
import tempfile
import numpy as np
import tensorflow as tf
from tensorflow.python.saved_model import builder as saved_model_builder
from tensorflow.python.saved_model import signature_constants, tag_constants

export_path = os.path.join(tempfile.mkdtemp(), '1')
rng = np.random.RandomState(47)
x_np, y_np = rng.rand(9, 3), rng.randint(0, 2, (9, 1))

with tf.Session(graph=tf.Graph()) as sess:
    x = tf.placeholder(tf.float32, [None, 3], name='x')
    y_ = tf.placeholder(tf.float32, [None, 1])
    w = tf.Variable(tf.zeros([3, 1]), name='w')
    b = tf.Variable(tf.zeros([1]), name='b')
    logits = tf.matmul(x, w) + b
    prob = tf.sigmoid(logits, name='prob')
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y_, logits=logits))
    train = tf.train.FtrlOptimizer(0.3).minimize(loss)
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        l, _ = sess.run([loss, train], {x: x_np, y_: y_np})
        print('RESULT loss', step, l)
    reference = sess.run(prob, {x: x_np[:3]})
    builder = saved_model_builder.SavedModelBuilder(export_path)
    signature = tf.saved_model.signature_def_utils.build_signature_def(
        inputs={'images': tf.saved_model.utils.build_tensor_info(x)},
        outputs={'scores': tf.saved_model.utils.build_tensor_info(prob)},
        method_name=signature_constants.PREDICT_METHOD_NAME)
    builder.add_meta_graph_and_variables(
        sess, [tag_constants.SERVING],
        signature_def_map={signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature})
    builder.save()

print('RESULT reference', *reference.ravel())
print('RESULT exported', *sorted(os.listdir(export_path)))

with tf.Session(graph=tf.Graph()) as sess:
    meta_graph = tf.saved_model.loader.load(sess, [tag_constants.SERVING], export_path)
    sig = meta_graph.signature_def[signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY]
    inp = sess.graph.get_tensor_by_name(sig.inputs['images'].name)
    out = sess.graph.get_tensor_by_name(sig.outputs['scores'].name)
    print('RESULT served', *sess.run(out, {inp: x_np[:3]}).ravel())
    print('RESULT w', *sess.run(tf.global_variables()[0]).ravel())
