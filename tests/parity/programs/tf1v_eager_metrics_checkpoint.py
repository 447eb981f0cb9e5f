"""Eager training as the guides had it: tfe.metrics, an optimizer of tf.train, a checkpoint of objects, a step."""
from __future__ import absolute_import, division, print_function

import os
import tempfile

import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe

tf.enable_eager_execution()
rng = np.random.RandomState(3)
features = rng.randn(24, 4).astype(np.float32)
labels = rng.randint(0, 3, 24).astype(np.int64)
dataset = tf.data.Dataset.from_tensor_slices((features, labels)).batch(8)


class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.dense1 = tf.keras.layers.Dense(5, activation=tf.nn.relu,
                                            kernel_initializer=tf.constant_initializer(rng.randn(4, 5) * .5))
        self.dense2 = tf.keras.layers.Dense(3, kernel_initializer=tf.keras.initializers.Constant(rng.randn(5, 3) * .5))

    def call(self, x):
        return self.dense2(self.dense1(x))


def loss(model, x, y):
    return tf.losses.sparse_softmax_cross_entropy(labels=y, logits=model(x))


def grad(model, inputs, targets):
    with tf.GradientTape() as tape:
        loss_value = loss(model, inputs, targets)
    return loss_value, tape.gradient(loss_value, model.trainable_variables)


model = Net()
optimizer = tf.train.AdamOptimizer(learning_rate=0.01)
global_step = tf.train.get_or_create_global_step()
checkpoint_dir = tempfile.mkdtemp()
root = tf.train.Checkpoint(optimizer=optimizer, model=model, optimizer_step=global_step)
for epoch in range(3):
    epoch_loss_avg = tfe.metrics.Mean()
    epoch_accuracy = tfe.metrics.Accuracy()
    for x, y in dataset:
        loss_value, grads = grad(model, x, y)
        optimizer.apply_gradients(zip(grads, model.variables), global_step)
        epoch_loss_avg(loss_value)
        epoch_accuracy(tf.argmax(model(x), axis=1, output_type=tf.int32), tf.cast(y, tf.int32))
    print('RESULT epoch {:03d} {:.6f} {:.4f}'.format(epoch, epoch_loss_avg.result(), epoch_accuracy.result()))
path = root.save(os.path.join(checkpoint_dir, 'ckpt'))
print('RESULT saved', os.path.basename(path), global_step.numpy())
before = model.variables[0].numpy().sum()
model.variables[0].assign(tf.zeros([4, 5]))
root.restore(tf.train.latest_checkpoint(checkpoint_dir))
print('RESULT restored', before, tf.reduce_sum(model.variables[0]).numpy(), int(tf.train.get_global_step()))
w = tfe.Variable(3.0, name='w')
with tf.GradientTape(persistent=True) as t:
    t.watch(w)
    y = w * w
    z = y * y
print('RESULT tape', t.gradient(z, w).numpy(), t.gradient(y, w).numpy(), float(w.numpy()), w.shape.ndims)
f = tfe.gradients_function(lambda x: tf.pow(x, 3))
g = tfe.gradients_function(lambda x: f(x)[0])
print('RESULT gradients', f(2.)[0].numpy(), g(2.)[0].numpy())
vg = tfe.implicit_value_and_gradients(lambda x, y: loss(model, x, y))
value, pairs = vg(features, labels)
print('RESULT implicit', value.numpy(), len(pairs), float(tf.global_norm([p[0] for p in pairs])))
print('RESULT device', tfe.num_gpus(), tf.executing_eagerly(), model.variables[0].dtype.name)
acc = tfe.metrics.CategoricalAccuracy()
acc(tf.one_hot(labels, 3), tf.nn.softmax(model(features)))
sparse = tfe.metrics.SparseAccuracy()
sparse(labels, tf.nn.softmax(model(features)))
print('RESULT categorical', acc.result().numpy(), float(sparse.result()))
