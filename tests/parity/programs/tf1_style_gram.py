"""Neural style on a tiny fixed network: the image is the variable, content and gram losses, total variation."""
import numpy as np
import tensorflow as tf

CONTENT_LAYER, STYLE_LAYERS = 'relu2', ('relu1', 'relu2')


def vgg_like(image, weights):
    net, current = {}, image
    for i, (kernel, bias) in enumerate(weights):
        conv = tf.nn.conv2d(current, tf.constant(kernel), strides=(1, 1, 1, 1), padding='SAME')
        current = tf.nn.relu(tf.nn.bias_add(conv, bias))
        net['relu%d' % (i + 1)] = current
        current = tf.nn.avg_pool(current, ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), padding='SAME')
    return net


def gram_matrix(features):
    _, height, width, number = map(lambda i: i.value, features.get_shape())
    features = tf.reshape(features, (-1, number))
    return tf.matmul(tf.transpose(features), features) / (height * width * number)


rng = np.random.RandomState(2)
weights = [(rng.normal(0, .3, (3, 3, 3, 4)).astype(np.float32), np.full(4, .05, np.float32)),
           (rng.normal(0, .3, (3, 3, 4, 5)).astype(np.float32), np.full(5, .05, np.float32))]
content, style = rng.rand(1, 8, 8, 3).astype('float32'), rng.rand(1, 8, 8, 3).astype('float32')

style_grams = {}
g = tf.Graph()
with g.as_default(), g.device('/cpu:0'), tf.Session() as sess:
    image = tf.placeholder('float', shape=content.shape)
    net = vgg_like(image, weights)
    content_features = net[CONTENT_LAYER].eval(feed_dict={image: content})
    for layer in STYLE_LAYERS:
        style_grams[layer] = gram_matrix(net[layer]).eval(feed_dict={image: style})
    print('RESULT gram', *style_grams['relu1'].ravel()[:6])

with tf.Graph().as_default():
    image = tf.Variable(content * 0.5 + 0.25)
    net = vgg_like(image, weights)
    content_loss = 5.0 * 2 * tf.nn.l2_loss(net[CONTENT_LAYER] - content_features) / content_features.size
    style_loss = 0
    for layer in STYLE_LAYERS:
        style_loss += 50.0 * 2 * tf.nn.l2_loss(gram_matrix(net[layer]) - style_grams[layer]) / style_grams[layer].size
    tv_loss = 0.1 * (tf.nn.l2_loss(image[:, 1:, :, :] - image[:, :-1, :, :]) / 168. + tf.nn.l2_loss(image[:, :, 1:] - image[:, :, :-1]) / 168.)
    loss = content_loss + style_loss + tv_loss
    train_step = tf.train.AdamOptimizer(0.05, 0.9, 0.999, 1e-08).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.initialize_all_variables())
        for i in range(4):
            print('RESULT losses', i, content_loss.eval(), style_loss.eval(), tv_loss.eval(), loss.eval())
            train_step.run()
        print('RESULT pixel', *image.eval()[0, 3, 3])
        print('RESULT mean', image.eval().mean())
