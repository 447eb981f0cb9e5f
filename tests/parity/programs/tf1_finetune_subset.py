"""Fine-tuning: restore the trunk from a checkpoint, new head, train only the head, assign by name."""
import os
import tempfile
import numpy as np
import tensorflow as tf

ckpt = os.path.join(tempfile.mkdtemp(), 'pretrained.ckpt')


def dense(x, units, scope, seed):
    fan_in = int(x.get_shape()[-1])
    value = np.random.RandomState(seed).uniform(-.5, .5, (fan_in, units)).astype(np.float32)
    with tf.variable_scope(scope):
        w = tf.get_variable('w', initializer=value)
        b = tf.get_variable('b', [units], initializer=tf.zeros_initializer)
        return tf.matmul(x, w) + b


def trunk(x, scope, seed):
    with tf.variable_scope(scope):
        h = tf.tanh(dense(x, 6, 'fc1', seed))
        return tf.tanh(dense(h, 4, 'fc2', seed + 1))


data = np.random.RandomState(9).randn(12, 5).astype(np.float32)
target = np.sign(data[:, :1])

with tf.Graph().as_default():
    features = trunk(tf.constant(data), 'vgg', seed=100)
    loss = tf.reduce_mean(tf.abs(dense(features, 1, 'head', 5) - target))
    step = tf.train.GradientDescentOptimizer(.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(step)
        print('RESULT pretrain', sess.run(loss), sess.run(features).std())
        tf.train.Saver().save(sess, ckpt)

reader = tf.train.NewCheckpointReader(ckpt)
shapes = reader.get_variable_to_shape_map()
print('RESULT in_checkpoint', len(shapes), *sorted(shapes))

with tf.Graph().as_default():
    features = trunk(tf.constant(data), 'student', seed=0)
    logits = dense(features, 2, 'new_head', 1)
    one_hot = np.stack([target[:, 0] > 0, target[:, 0] <= 0], 1).astype(np.float32)
    loss = tf.losses.softmax_cross_entropy(one_hot, logits)
    trunk_vars = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='student')
    restore_map = {v.op.name.replace('student', 'vgg'): v for v in trunk_vars}
    restorer = tf.train.Saver(restore_map)
    head_vars = [v for v in tf.trainable_variables() if v.name.startswith('new_head')]
    train_op = tf.train.AdamOptimizer(0.05).minimize(loss, var_list=head_vars)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        restorer.restore(sess, ckpt)
        before = sess.run(trunk_vars[0])
        for i in range(4):
            sess.run(train_op)
            print('RESULT finetune', i, sess.run(loss))
        print('RESULT frozen', int((before == sess.run(trunk_vars[0])).all()), len(head_vars))
        print('RESULT same_weights', int(np.allclose(before, reader.get_tensor('vgg/fc1/w'))), before.sum())
        sess.run(tf.assign(head_vars[1], [1.0, -1.0]))
        print('RESULT after_assign', sess.run(loss))
