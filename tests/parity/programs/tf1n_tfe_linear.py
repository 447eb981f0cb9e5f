"""Linear regression with tf.contrib.eager: implicit gradients and a gradient descent optimizer."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe

tf.enable_eager_execution()

NUM_STEPS = 30
DISPLAY = 10


class LinearModel(object):
    def __init__(self):
        self.weight = tfe.Variable(0.5, name="weight")
        self.bias = tfe.Variable(-0.3, name="bias")

    def predict(self, x):
        return tf.multiply(self.weight, x) + self.bias


def mean_square_fn(model, inputs, labels):
    return tf.reduce_sum(tf.pow(model.predict(inputs) - labels, 2)) / (2 * inputs.shape[0].value)


rng = np.random.RandomState(0)
train_x = rng.uniform(1, 10, 17).astype(np.float32)
train_y = (0.25 * train_x + 0.8 + 0.1 * rng.randn(17)).astype(np.float32)
xs, ys = tf.constant(train_x), tf.constant(train_y)

net = LinearModel()
optimizer = tf.train.GradientDescentOptimizer(learning_rate=0.01)
grad = tfe.implicit_gradients(mean_square_fn)
print("RESULT initial", mean_square_fn(net, xs, ys).numpy())
for step in range(NUM_STEPS):
    optimizer.apply_gradients(grad(net, xs, ys))
    if (step + 1) % DISPLAY == 0:
        print("RESULT step", step + 1, mean_square_fn(net, xs, ys).numpy(), net.weight.numpy(), net.bias.numpy())

value_and_grads = tfe.implicit_value_and_gradients(mean_square_fn)
value, pairs = value_and_grads(net, xs, ys)
print("RESULT final", value.numpy(), *sorted(float(g) for g, _ in pairs))
print("RESULT eager", tf.executing_eagerly(), tfe.num_gpus())
