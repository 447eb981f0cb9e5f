"""tf.contrib.framework helpers: arg_scope, variable getters, assign_from_values, nest, global step."""
import os
import tempfile
import numpy as np
import tensorflow as tf
from tensorflow.contrib.framework import arg_scope, add_arg_scope, nest
from tensorflow.contrib.framework.python.ops import variables as contrib_variables


@add_arg_scope
def affine(x, units, gain=1.0, scope=None):
    with tf.variable_scope(scope, 'affine', [x]):
        w = tf.contrib.framework.model_variable('w', shape=[int(x.shape[-1]), units], initializer=tf.constant_initializer(0.3))
        b = tf.contrib.framework.variable('b', shape=[units], initializer=tf.zeros_initializer())
        return gain * tf.matmul(x, w) + b


x = tf.constant(np.arange(6).reshape(2, 3), tf.float32)
with arg_scope([affine], gain=2.0):
    h = affine(x, 4, scope='first')
    with arg_scope([affine], gain=-1.0):
        out = affine(h, 2, scope='second')
other = affine(x, 1, scope='third')

global_step = tf.contrib.framework.get_or_create_global_step()
first_vars = contrib_variables.get_variables('first')
by_name = tf.contrib.framework.get_variables_by_name('w')
by_suffix = tf.contrib.framework.get_variables_by_suffix('b')
restore = tf.contrib.framework.get_variables_to_restore(include=['first', 'second'], exclude=['second/b'])
assign_op, assign_feed = tf.contrib.framework.assign_from_values({'first/w': np.full((3, 4), .5, np.float32),
                                                                   'second/b': np.array([1., -1.], np.float32)})

structure = {'a': (1, 2), 'b': [3, {'c': 4}]}
path = os.path.join(tempfile.mkdtemp(), 'm.ckpt')
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT out', *sess.run(out).ravel())
    print('RESULT other', *sess.run(other).ravel())
    sess.run(assign_op, assign_feed)
    print('RESULT assigned', *sess.run(out).ravel())
    print('RESULT counts', len(first_vars), len(by_name), len(by_suffix), len(restore), len(tf.contrib.framework.get_model_variables()))
    print('RESULT restore', *sorted(v.op.name for v in restore))
    print('RESULT unique', tf.contrib.framework.get_unique_variable('third/w').op.name)
    tf.train.Saver(restore).save(sess, path)
    sess.run(tf.global_variables_initializer())
    init_fn = tf.contrib.framework.assign_from_checkpoint_fn(path, restore)
    init_fn(sess)
    print('RESULT restored', *sess.run(out).ravel())
    print('RESULT step', sess.run(tf.assign_add(global_step, 3)))
print('RESULT listed', *[n for n, _ in tf.contrib.framework.list_variables(path)])
print('RESULT nest', *nest.flatten(structure))
print('RESULT nest_map', *nest.flatten(nest.map_structure(lambda v: v * 10, structure)))
