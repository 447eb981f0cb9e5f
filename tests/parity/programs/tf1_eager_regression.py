"""Eager mode: linear and logistic regression with GradientTape and tf.train optimizers."""
from __future__ import absolute_import, division, print_function

import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
tfe = tf.contrib.eager


class Model(object):
    def __init__(self):
        self.W = tf.Variable(5.0)
        self.b = tfe.Variable(0.0, name='b')

    def __call__(self, x):
        return self.W * x + self.b


def loss(predicted_y, desired_y):
    return tf.reduce_mean(tf.square(predicted_y - desired_y))


def train(model, inputs, outputs, learning_rate):
    with tf.GradientTape() as t:
        current_loss = loss(model(inputs), outputs)
    dW, db = t.gradient(current_loss, [model.W, model.b])
    model.W.assign_sub(learning_rate * dW)
    model.b.assign_sub(learning_rate * db)
    return current_loss


rng = np.random.RandomState(3)
inputs = tf.constant(rng.normal(size=100), tf.float32)
outputs = inputs * 3.0 + 2.0 + tf.constant(rng.normal(size=100), tf.float32)
model = Model()
for epoch in range(5):
    current = train(model, inputs, outputs, learning_rate=0.1)
    print('RESULT epoch', epoch, model.W.numpy(), model.b.numpy(), current.numpy())

# logistic regression over a Dataset, optimizer and global step
xs = rng.randn(24, 3).astype(np.float32)
ys = (xs.sum(1) > 0).astype(np.float32)
dataset = tf.data.Dataset.from_tensor_slices((xs, ys)).batch(8)
weights = tfe.Variable(tf.zeros([3, 1]), name='weights')
optimizer = tf.train.AdamOptimizer(0.1)
global_step = tf.train.get_or_create_global_step()


def logits(x):
    return tf.squeeze(tf.matmul(x, weights), axis=1)


for epoch in range(2):
    for x, y in tfe.Iterator(dataset):
        with tf.GradientTape() as tape:
            value = tf.losses.sigmoid_cross_entropy(y, logits(x))
        grads = tape.gradient(value, [weights])
        optimizer.apply_gradients(zip(grads, [weights]), global_step=global_step)
        print('RESULT batch', global_step.numpy(), float(value))
print('RESULT weights', *weights.numpy().ravel())

grad_fn = tfe.gradients_function(lambda v: v ** 3 - 2. * v)
print('RESULT derivative', grad_fn(3.)[0].numpy())
with tf.GradientTape(persistent=True) as outer:
    z = tf.constant(2.0)
    outer.watch(z)
    with tf.GradientTape() as inner:
        inner.watch(z)
        f = tf.sin(z) * z * z
    first = inner.gradient(f, z)
second = outer.gradient(first, z)
print('RESULT second_order', first.numpy(), second.numpy())
