"""Domain adversarial training with a gradient reversal layer (RegisterGradient and custom_gradient)."""
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import ops


class FlipGradientBuilder(object):
    def __init__(self):
        self.num_calls = 0

    def __call__(self, x, l=1.0):
        grad_name = "FlipGradient%d" % self.num_calls

        @ops.RegisterGradient(grad_name)
        def _flip_gradients(op, grad):
            return [tf.negative(grad) * l]

        g = tf.get_default_graph()
        with g.gradient_override_map({"Identity": grad_name}):
            y = tf.identity(x)
        self.num_calls += 1
        return y


flip_gradient = FlipGradientBuilder()


@tf.custom_gradient
def clip_grad(x):
    def grad(dy):
        return tf.clip_by_value(dy, -0.05, 0.05)
    return tf.identity(x), grad


rng = np.random.RandomState(64)
X = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.int32, [None])
domain = tf.placeholder(tf.int32, [None])
l = tf.placeholder(tf.float32, [])

W0 = tf.Variable(rng.normal(0, .5, (4, 6)).astype(np.float32), name='feature')
feature = tf.nn.relu(tf.matmul(X, W0))
W1 = tf.Variable(rng.normal(0, .5, (6, 2)).astype(np.float32), name='label')
label_loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=tf.matmul(feature, W1), labels=y))
W2 = tf.Variable(rng.normal(0, .5, (6, 2)).astype(np.float32), name='domain')
domain_loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=tf.matmul(flip_gradient(feature, l), W2), labels=domain))
clipped = tf.reduce_sum(tf.square(clip_grad(W0)))

regular_train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(label_loss)
dann_train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(label_loss + domain_loss)
g_flip = tf.gradients(domain_loss, W0)[0]
g_clip = tf.gradients(clipped, W0)[0]

xs = rng.randn(12, 4)
feed = {X: xs, y: (xs[:, 0] > 0).astype(int), domain: np.arange(12) % 2}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for scale in (1.0, 0.5):
        print('RESULT flipped', scale, *sess.run(g_flip, {X: xs, y: feed[y], domain: feed[domain], l: scale})[0])
    print('RESULT clipped', *sess.run(g_clip)[1])
    for i in range(5):
        p = float(i) / 5
        feed[l] = 2. / (1. + np.exp(-10. * p)) - 1
        sess.run(dann_train_op, feed)
        print('RESULT losses', i, *sess.run([label_loss, domain_loss], feed))
    sess.run(regular_train_op, feed)
    print('RESULT after_regular', *sess.run([label_loss, domain_loss], feed))
