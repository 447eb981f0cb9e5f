"""tf.layers.batch_normalization: defaults .99/.001, training=False unless told, shared by reuse."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(52)
x = tf.placeholder(tf.float32, [None, 3, 3, 2])
train_mode = tf.placeholder_with_default(False, [])


def block(inp, reuse=None):
    with tf.variable_scope('block', reuse=reuse):
        net = tf.layers.conv2d(inp, 3, 2, kernel_initializer=tf.constant_initializer(rng.normal(0, .4, (2, 2, 2, 3)) if not reuse else 0.),
                               name='conv')
        net = tf.layers.batch_normalization(net, training=train_mode, name='bn')
        return tf.nn.relu(net)


first = block(x)
second = block(x * 2.0 + 1.0, reuse=True)
untold = tf.layers.batch_normalization(x, name='untold')
fused = tf.layers.batch_normalization(x, axis=-1, momentum=0.5, epsilon=1e-4, training=True, fused=True, name='fused',
                                      gamma_initializer=tf.constant_initializer(2.0), beta_initializer=tf.constant_initializer(.5))
loss = tf.reduce_mean(tf.square(first - 0.3)) + tf.reduce_mean(tf.square(second - 0.7))
extra_update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)

data = rng.normal(1.0, 2.0, (8, 3, 3, 2))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT updates', len(extra_update_ops), len(tf.trainable_variables()))
    for step in range(4):
        l = sess.run(loss, {x: data, train_mode: True})
        sess.run([train_op] + extra_update_ops[:2], {x: data, train_mode: True})
        print('RESULT loss', step, l)
    print('RESULT eval_loss', sess.run(loss, {x: data}))
    print('RESULT untold', *sess.run(untold, {x: data})[0, 0, 0])
    print('RESULT fused', *sess.run(fused, {x: data})[0, 0, 0])
    for v in tf.global_variables():
        if 'block/bn' in v.op.name and 'Momentum' not in v.op.name:
            print('RESULT', v.op.name, *sess.run(v))
    sess.run(extra_update_ops[-2:], {x: data})
    print('RESULT fused_mean', *sess.run([v for v in tf.global_variables() if v.op.name == 'fused/moving_mean'][0]))
    print('RESULT fused_var', *sess.run([v for v in tf.global_variables() if v.op.name == 'fused/moving_variance'][0]))
