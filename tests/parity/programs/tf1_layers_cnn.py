"""CNN classifier built with tf.layers, one graph per run."""
import numpy as np
import tensorflow as tf


def ramp(shape, dtype=tf.float32, partition_info=None):
    n = int(np.prod(shape))
    return tf.constant(np.sin(np.arange(n) * 0.37).reshape(shape) * 0.4, dtype=dtype)


class Network(object):
    def __init__(self, num_classes, lr):
        self.x = tf.placeholder(tf.float32, [None, 12, 12, 3], name='images')
        self.y = tf.placeholder(tf.int64, [None], name='labels')
        self.is_training = tf.placeholder_with_default(False, shape=(), name='is_training')
        self._build(num_classes)
        self.loss = tf.losses.sparse_softmax_cross_entropy(labels=self.y, logits=self.logits)
        self.global_step = tf.Variable(0, trainable=False, name='global_step')
        self.train_op = tf.train.MomentumOptimizer(lr, 0.9).minimize(self.loss, global_step=self.global_step)

    def _build(self, num_classes):
        net = tf.layers.conv2d(self.x, 8, 3, padding='same', activation=tf.nn.relu,
                               kernel_initializer=ramp, name='conv1')
        net = tf.layers.max_pooling2d(net, 2, 2, name='pool1')
        net = tf.layers.conv2d(net, filters=8, kernel_size=(3, 3), strides=(2, 2),
                               kernel_initializer=ramp, activation=tf.nn.elu, name='conv2')
        net = tf.layers.average_pooling2d(net, pool_size=[2, 2], strides=1)
        net = tf.layers.flatten(net)
        net = tf.layers.dropout(net, rate=0.5, training=self.is_training)
        net = tf.layers.dense(net, 10, activation=tf.nn.tanh, kernel_initializer=ramp, name='fc1')
        self.logits = tf.layers.dense(net, num_classes, kernel_initializer=ramp, name='logits')
        self.pred = tf.argmax(self.logits, axis=1)


def main():
    rng = np.random.RandomState(0)
    images = rng.uniform(-1, 1, size=(10, 12, 12, 3)).astype('float32')
    labels = rng.randint(0, 4, size=10)
    with tf.Graph().as_default():
        net = Network(4, 0.05)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(5):
                _, loss, step = sess.run([net.train_op, net.loss, net.global_step],
                                         {net.x: images, net.y: labels})
                print('RESULT loss', step, loss)
            print('RESULT logits', sess.run(net.logits, {net.x: images[:2]}).ravel().tolist())
            print('RESULT n_vars', len(tf.trainable_variables()))
            for v in tf.trainable_variables():
                if 'bias' in v.name:
                    print('RESULT', v.op.name, np.abs(sess.run(v)).sum())


if __name__ == '__main__':
    main()
