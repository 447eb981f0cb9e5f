import numpy as np
import tensorflow as tf


def pattern(scale):
    def f(shape, dtype=None, partition_info=None):
        n = int(np.prod(shape))
        return tf.constant(np.reshape(np.sin(np.arange(n) + len(shape)), shape) * scale, dtype or tf.float32)
    return f


def double_conv(x, filters, name):
    with tf.variable_scope(name):
        for i in range(2):
            x = tf.layers.conv2d(x, filters, (3, 3), padding='SAME', activation=tf.nn.relu,
                                 kernel_initializer=pattern(.25), name='conv%d' % i)
        return x


def upconv_concat(x, skip, filters, name):
    up = tf.layers.conv2d_transpose(x, filters, kernel_size=2, strides=2, kernel_initializer=pattern(.3), name='up_' + name)
    return tf.concat([up, skip], axis=-1, name='concat_' + name)


def unet(x, config):
    c1 = double_conv(x, config.root_filters, 'down1')
    p1 = tf.layers.max_pooling2d(c1, (2, 2), strides=(2, 2))
    c2 = double_conv(p1, config.root_filters * 2, 'down2')
    p2 = tf.layers.max_pooling2d(c2, (2, 2), strides=(2, 2))
    c3 = double_conv(p2, config.root_filters * 2, 'bottom')
    u2 = double_conv(upconv_concat(c3, c2, config.root_filters, 'u2'), config.root_filters, 'up2')
    u1 = double_conv(upconv_concat(u2, c1, config.root_filters, 'u1'), config.root_filters, 'up1')
    return tf.layers.conv2d(u1, config.n_class, (1, 1), kernel_initializer=pattern(.5), name='final')


def weighted_cross_entropy(logits, labels, class_weights):
    flat_logits = tf.reshape(logits, [-1, logits.get_shape().as_list()[-1]])
    flat_labels = tf.reshape(labels, [-1, len(class_weights)])
    weight_map = tf.reduce_sum(tf.multiply(flat_labels, tf.constant(class_weights)), axis=1)
    loss_map = tf.nn.softmax_cross_entropy_with_logits_v2(logits=flat_logits, labels=flat_labels)
    return tf.reduce_mean(tf.multiply(loss_map, weight_map))


def dice(probs, labels, eps=1e-5):
    intersection = tf.reduce_sum(probs * labels, [0, 1, 2])
    union = eps + tf.reduce_sum(probs, [0, 1, 2]) + tf.reduce_sum(labels, [0, 1, 2])
    return 2 * intersection / union
