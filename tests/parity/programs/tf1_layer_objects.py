"""tf.layers objects: Dense instances reused on two inputs, a Layer subclass with add_variable, regularized Conv1D."""
import numpy as np
import tensorflow as tf


class Highway(tf.layers.Layer):
    def __init__(self, bias=-1.0, **kwargs):
        super(Highway, self).__init__(**kwargs)
        self.gate_bias = bias

    def build(self, input_shape):
        dim = int(input_shape[-1])
        ident = np.eye(dim) * 0.5 + 0.1
        self.w_h = self.add_variable('w_h', [dim, dim], initializer=tf.constant_initializer(ident))
        self.w_t = self.add_variable('w_t', [dim, dim], initializer=tf.constant_initializer(ident.T * .3))
        self.b_t = self.add_variable('b_t', [dim], initializer=tf.constant_initializer(self.gate_bias))
        self.built = True

    def call(self, inputs):
        t = tf.sigmoid(tf.matmul(inputs, self.w_t) + self.b_t)
        return t * tf.tanh(tf.matmul(inputs, self.w_h)) + (1 - t) * inputs


rng = np.random.RandomState(70)
a = tf.placeholder(tf.float32, [None, 6, 2])
b = tf.placeholder(tf.float32, [None, 6, 2])
target = tf.placeholder(tf.float32, [None])

conv = tf.layers.Conv1D(filters=3, kernel_size=3, padding='same', activation=tf.nn.relu, kernel_initializer=tf.constant_initializer(rng.normal(0, .4, (3, 2, 3))),
                        kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1), name='shared_conv')
dense = tf.layers.Dense(4, kernel_initializer=tf.constant_initializer(rng.normal(0, .4, (9, 4))), use_bias=True, name='shared_dense')
highway = Highway(bias=-0.5, name='highway')


def encode(t):
    h = tf.layers.max_pooling1d(conv(t), pool_size=2, strides=2)
    return highway(dense(tf.layers.flatten(h)))


ea, eb = encode(a), encode(b)
distance = tf.reduce_sum(tf.abs(ea - eb), axis=1)
loss = tf.reduce_mean(tf.square(distance - target)) + tf.add_n(conv.losses)
train_op = tf.train.AdagradOptimizer(0.1).minimize(loss)

feed = {a: rng.rand(5, 6, 2), b: rng.rand(5, 6, 2), target: rng.rand(5)}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT encoding', *sess.run(ea, feed)[0])
    for i in range(4):
        print('RESULT loss', i, sess.run(loss, feed))
        sess.run(train_op, feed)
    print('RESULT distance', *sess.run(distance, feed))
    print('RESULT kernel', np.abs(sess.run(dense.kernel)).sum(), int(dense.bias.shape[0]))
    print('RESULT weights', len(conv.weights), len(highway.variables), len(tf.trainable_variables()))
    print('RESULT reg_losses', len(tf.losses.get_regularization_losses()))
