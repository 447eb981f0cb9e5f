"""A small segmentation net of raw ops: strided and transposed convolutions, dilation, unpooling, patches, skip sums."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(11)


def weight_variable(shape, name):
    with tf.device('/cpu:0'):
        return tf.get_variable(name, initializer=tf.constant(np.random.RandomState(len(name)).randn(*shape) * .2, tf.float32))


def max_unpool(pool, argmax, shape):
    flat = tf.reshape(argmax, [-1, 1])
    values = tf.reshape(pool, [-1])
    size = tf.cast(tf.reduce_prod(shape), tf.int64)
    return tf.reshape(tf.scatter_nd(flat, values, tf.expand_dims(size, 0)), shape)


image = tf.placeholder(tf.float32, shape=[None, 8, 8, 2], name='input_image')
annotation = tf.placeholder(tf.int32, shape=[None, 8, 8, 1], name='annotation')
with tf.variable_scope('inference'):
    conv1 = tf.nn.elu(tf.nn.conv2d(image, weight_variable([3, 3, 2, 4], 'W1'), strides=[1, 1, 1, 1], padding='SAME'))
    pool1, argmax = tf.nn.max_pool_with_argmax(conv1, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')
    conv2 = tf.nn.atrous_conv2d(pool1, weight_variable([3, 3, 4, 4], 'W_two'), rate=2, padding='SAME')
    bn_mean, bn_var = tf.nn.moments(conv2, axes=[0, 1, 2], keep_dims=True)
    conv2 = tf.nn.batch_normalization(conv2, bn_mean, bn_var, None, None, 1e-3)
    conv2 = tf.nn.crelu(conv2)
    depth = tf.nn.depthwise_conv2d(conv2, weight_variable([3, 3, 8, 1], 'W_depth'), [1, 1, 1, 1], 'SAME')
    sep = tf.nn.separable_conv2d(depth, weight_variable([3, 3, 8, 1], 'W_sep_d'), weight_variable([1, 1, 8, 4], 'W_sep_p'),
                                 [1, 2, 2, 1], 'SAME')
    up = tf.nn.conv2d_transpose(sep, weight_variable([4, 4, 4, 4], 'W_up4'),
                                output_shape=tf.stack([tf.shape(image)[0], 4, 4, 4]), strides=[1, 2, 2, 1])
    fuse = tf.add(up, pool1, name='fuse')
    fuse = tf.nn.local_response_normalization(fuse, depth_radius=2, alpha=1e-2)
    up2 = tf.image.resize_bilinear(fuse, [8, 8], align_corners=True)
    near = tf.image.resize_nearest_neighbor(pool1, tf.shape(image)[1:3])
    logits = tf.nn.conv2d(tf.concat([up2, near], 3), weight_variable([1, 1, 8, 3], 'W_logit'), [1, 1, 1, 1], 'SAME')
    prediction = tf.expand_dims(tf.argmax(logits, dimension=3), dim=3)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
    logits=logits, labels=tf.squeeze(annotation, squeeze_dims=[3]), name='entropy'))
unpooled = max_unpool(pool1[:1], argmax[:1], [1, 8, 8, 4])
patches = tf.extract_image_patches(image, ksizes=[1, 2, 2, 1], strides=[1, 2, 2, 1], rates=[1, 1, 1, 1], padding='VALID')
blocks = tf.space_to_depth(image, 2)
back = tf.depth_to_space(blocks, 2)
glimpse = tf.image.extract_glimpse(image, [3, 3], [[0.1, -0.2], [0.3, 0.3]])
erosion = tf.nn.dilation2d(image, tf.zeros([2, 2, 2]), strides=[1, 1, 1, 1], rates=[1, 1, 1, 1], padding='SAME')
moved = tf.reverse(tf.image.rot90(image[0]), axis=[1])
one_d = tf.nn.conv1d(tf.reduce_mean(image, 1), tf.ones([2, 2, 1]) * 0.3, stride=2, padding='SAME')
three = tf.nn.pool(image, [3, 3], 'AVG', 'SAME', strides=[2, 2])
confusion = tf.confusion_matrix(tf.reshape(annotation, [-1]), tf.reshape(prediction, [-1]), 3)

optimizer = tf.train.AdamOptimizer(1e-2)
grads = optimizer.compute_gradients(loss, var_list=tf.trainable_variables())
grads = [(tf.clip_by_norm(g, 0.5), v) for g, v in grads]
train_op = optimizer.apply_gradients(grads)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {image: rng.rand(2, 8, 8, 2), annotation: rng.randint(0, 3, (2, 8, 8, 1))}
    for name, tensor in (('unpooled', unpooled), ('patches', patches), ('back', back - image), ('glimpse', glimpse), ('erosion', erosion),
                         ('moved', moved), ('one_d', one_d), ('three', three), ('up2', up2), ('sep', sep)):
        value = sess.run(tensor, feed)
        print('RESULT', name, *value.shape, *value.ravel()[:3], float(np.abs(value).sum()))
    for step in range(4):
        _, l = sess.run([train_op, loss], feed)
        print('RESULT loss', step, l)
    print('RESULT confusion', *sess.run(confusion, feed).ravel())
    print('RESULT weights', *[float(np.abs(v).sum()) for v in sess.run(tf.trainable_variables())])
