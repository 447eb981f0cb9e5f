"""Feature pyramid upsampling: bilinear, nearest and bicubic resize with and without align_corners."""
import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [1, 4, 4, 1])
kernel = tf.get_variable('kernel', [2, 2, 1, 1], initializer=tf.constant_initializer([[.5, -.3], [.2, .7]]))
features = tf.nn.conv2d(x, kernel, strides=[1, 1, 1, 1], padding='SAME')

up = {
    'bilinear': tf.image.resize_bilinear(features, [8, 8]),
    'bilinear_aligned': tf.image.resize_bilinear(features, [7, 7], align_corners=True),
    'nearest': tf.image.resize_nearest_neighbor(features, (6, 6)),
    'nearest_aligned': tf.image.resize_nearest_neighbor(features, (6, 6), align_corners=True),
    'bicubic': tf.image.resize_bicubic(features, [6, 6]),
    'images': tf.image.resize_images(features, [8, 8]),
    'images_aligned': tf.image.resize_images(features, [6, 6], align_corners=True),
    'images_bicubic': tf.image.resize_images(features, [6, 6], method=tf.image.ResizeMethod.BICUBIC),
    'down': tf.image.resize_bilinear(features, [3, 3]),
}
loss = tf.reduce_mean(tf.square(up['bilinear'] - 0.5)) + tf.reduce_mean(tf.abs(up['images_aligned']))
grad = tf.gradients(loss, kernel)[0]
train = tf.train.GradientDescentOptimizer(0.2).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {x: np.random.RandomState(9).rand(1, 4, 4, 1) * 3}
    for name in sorted(up):
        v = sess.run(up[name], feed)
        print('RESULT', name, v.shape[1], *v[0, :3, :3, 0].ravel())
        print('RESULT', name + '_last', *v[0, -1, :, 0])
    print('RESULT grad', *sess.run(grad, feed).ravel())
    for _ in range(3):
        sess.run(train, feed)
        print('RESULT loss', sess.run(loss, feed))
