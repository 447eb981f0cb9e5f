"""U-Net segmentation of bright squares (config class, tf.layers, weighted loss, dice)."""
import numpy as np
import tensorflow as tf
from config import Config
import unet as U


def make_data(config, n=3):
    rng = np.random.RandomState(1)
    x = rng.rand(n, config.image_size, config.image_size, config.channels) * 0.3
    mask = np.zeros((n, config.image_size, config.image_size))
    for i in range(n):
        r, c = rng.randint(0, config.image_size - 3, 2)
        x[i, r:r + 3, c:c + 3] += 0.6
        mask[i, r:r + 3, c:c + 3] = 1
    return x, np.stack([1 - mask, mask], axis=-1)


class Trainer(object):
    def __init__(self, config):
        self.config = config
        size = config.image_size
        self.x = tf.placeholder(tf.float32, [None, size, size, config.channels])
        self.y = tf.placeholder(tf.float32, [None, size, size, config.n_class])
        self.logits = U.unet(self.x, config)
        self.cost = U.weighted_cross_entropy(self.logits, self.y, config.class_weights)
        self.dice = U.dice(tf.nn.softmax(self.logits), self.y)
        self.global_step = tf.Variable(0, name='global_step', trainable=False)
        self.lr = tf.train.exponential_decay(config.learning_rate, self.global_step, config.decay_steps, config.decay_rate, staircase=True)
        self.train_op = tf.train.MomentumOptimizer(self.lr, config.momentum).minimize(self.cost, global_step=self.global_step)

    def train(self, sess, x, y):
        for step in range(self.config.steps):
            cost, lr = sess.run([self.cost, self.lr], {self.x: x, self.y: y})
            sess.run(self.train_op, {self.x: x, self.y: y})
            print('RESULT step', step, cost, lr)


config = Config()
print('RESULT config', len(str(config).split(', ')))
x, y = make_data(config)
with tf.Graph().as_default():
    trainer = Trainer(config)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        trainer.train(sess, x, y)
        print('RESULT dice', *sess.run(trainer.dice, {trainer.x: x, trainer.y: y}))
        out = sess.run(trainer.logits, {trainer.x: x[:1]})
        print('RESULT logits', *out[0, 2, 2], *out.shape)
        n_params = sum(int(np.prod(v.shape.as_list())) for v in tf.trainable_variables())
        print('RESULT parameters', n_params)
