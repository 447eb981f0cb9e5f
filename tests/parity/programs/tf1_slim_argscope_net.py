"""A small all-conv net with slim, arg_scope and weight decay."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim


def _kernel(seed):
    def _initializer(shape, dtype=tf.float32, partition_info=None):
        return tf.constant(np.random.RandomState(seed).normal(0, .1, size=shape), dtype=dtype)
    return _initializer


def tiny_arg_scope(weight_decay=0.01):
    with slim.arg_scope([slim.conv2d, slim.fully_connected],
                        activation_fn=tf.nn.relu,
                        weights_initializer=_kernel(3),
                        weights_regularizer=slim.l2_regularizer(weight_decay)):
        with slim.arg_scope([slim.conv2d], padding='SAME'):
            with slim.arg_scope([slim.max_pool2d], padding='VALID') as sc:
                return sc


def tiny_net(images, num_classes, is_training=True, scope='tiny'):
    with tf.variable_scope(scope, 'tiny', [images]) as sc:
        end_points_collection = sc.name + '_end_points'
        with slim.arg_scope([slim.conv2d, slim.max_pool2d], outputs_collections=end_points_collection):
            net = slim.repeat(images, 2, slim.conv2d, 6, [3, 3], scope='conv1')
            net = slim.max_pool2d(net, [2, 2], scope='pool1')
            net = slim.conv2d(net, 8, [3, 3], stride=2, scope='conv2')
            net = slim.dropout(net, 0.8, is_training=is_training, scope='drop')
            net = slim.conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope='fc')
            net = tf.reduce_mean(net, [1, 2], name='pool')
        end_points = slim.utils.convert_collection_to_dict(end_points_collection)
    return net, end_points


with tf.Graph().as_default():
    rng = np.random.RandomState(5)
    images = tf.constant(rng.rand(4, 8, 8, 3), tf.float32)
    labels = slim.one_hot_encoding(tf.constant([0, 1, 2, 1], tf.int64), 3)
    with slim.arg_scope(tiny_arg_scope()):
        logits, end_points = tiny_net(images, 3, is_training=False)
    slim.losses.softmax_cross_entropy(logits, labels)
    reg = tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
    total_loss = slim.losses.get_total_loss()
    train_op = tf.train.GradientDescentOptimizer(0.5).minimize(total_loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(4):
            total, regularization, _ = sess.run([total_loss, reg, train_op])
            print('RESULT total_loss', i, total, regularization)
        print('RESULT logits', *sess.run(logits).flatten())
        pool = end_points['tiny/pool1']
        print('RESULT pool1', *(pool.get_shape().as_list() + [sess.run(pool).mean()]))
        print('RESULT variables', len(slim.get_model_variables()), len(end_points))
