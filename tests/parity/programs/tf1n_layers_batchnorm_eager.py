"""Residual blocks with tf.layers.BatchNormalization in eager mode: moving averages and evaluation."""
import numpy as np
import tensorflow as tf

layers = tf.layers
tf.enable_eager_execution()


class Block(tf.keras.Model):
    def __init__(self, filters, stride, scale):
        super(Block, self).__init__(name='block')
        self.conv_a = layers.Conv2D(filters, (3, 3), strides=(stride, stride), padding='same', use_bias=False,
                                    kernel_initializer=tf.constant_initializer(scale))
        self.bn_a = layers.BatchNormalization(axis=-1, momentum=0.9, epsilon=1e-5)
        self.conv_b = layers.Conv2D(filters, 1, kernel_initializer=tf.constant_initializer(-scale))
        self.bn_b = layers.BatchNormalization()
        self.pool = layers.AveragePooling2D(pool_size=2, strides=stride)

    def call(self, x, training=True):
        h = tf.nn.relu(self.bn_a(self.conv_a(x), training=training))
        h = self.bn_b(self.conv_b(h), training=training)
        return tf.nn.relu(h + self.pool(x)[:, :, :, :1])


rng = np.random.RandomState(10)
x = tf.constant(rng.randn(4, 4, 4, 2), tf.float32)
y = tf.constant(rng.randn(4, 1), tf.float32)
block = Block(1, 2, 0.3)
head = layers.Dense(units=1, kernel_initializer=tf.ones_initializer(), kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01))
optimizer = tf.train.GradientDescentOptimizer(0.05)


def model(inputs, training):
    return head(layers.flatten(block(inputs, training=training)))


for step in range(4):
    with tf.GradientTape() as tape:
        out = model(x, training=True)
        loss = tf.reduce_mean(tf.squared_difference(out, y)) + tf.add_n(head.losses)
    variables = block.trainable_variables + head.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    print('RESULT step', step, loss.numpy(), len(variables), len(block.variables))
print('RESULT moving', *[float(v) for w in (block.bn_a.moving_mean, block.bn_a.moving_variance, block.bn_b.moving_mean, block.bn_b.moving_variance) for v in w.numpy()])
print('RESULT eval', *model(x, training=False).numpy().ravel())
print('RESULT gamma', *[float(v.numpy()[0]) for v in (block.bn_a.gamma, block.bn_a.beta, block.bn_b.gamma, block.bn_b.beta)])
