"""Eager training of a subclassed tf.keras.Model with tfe.metrics and a checkpoint."""
import os
import tempfile
import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe

tf.enable_eager_execution()


class MNISTModel(tf.keras.Model):
    def __init__(self):
        super(MNISTModel, self).__init__()
        self.conv = tf.keras.layers.Conv2D(4, 3, activation='relu', kernel_initializer=tf.constant_initializer(0.05))
        self.pool = tf.keras.layers.MaxPooling2D()
        self.flatten = tf.keras.layers.Flatten()
        self.dense1 = tf.keras.layers.Dense(5, activation=tf.nn.tanh, kernel_initializer=tf.constant_initializer(0.02))
        self.dense2 = tf.keras.layers.Dense(3, kernel_initializer=tf.constant_initializer(np.linspace(-1, .6, 15)), bias_initializer='zeros')

    def call(self, x):
        x = self.pool(self.conv(x))
        return self.dense2(self.dense1(self.flatten(x)))


def loss(model, x, y):
    return tf.losses.sparse_softmax_cross_entropy(labels=y, logits=model(x))


rng = np.random.RandomState(16)
images = rng.rand(12, 6, 6, 1).astype(np.float32)
labels = (np.arange(12) % 3).astype(np.int64)
ds = tf.data.Dataset.from_tensor_slices((images, labels)).batch(6)

model = MNISTModel()
optimizer = tf.train.GradientDescentOptimizer(learning_rate=0.1)
for epoch in range(2):
    epoch_loss = tfe.metrics.Mean()
    epoch_acc = tfe.metrics.Accuracy()
    for (x, y) in ds:
        with tf.GradientTape() as tape:
            loss_value = loss(model, x, y)
        grads = tape.gradient(loss_value, model.variables)
        optimizer.apply_gradients(zip(grads, model.variables))
        epoch_loss(loss_value)
        epoch_acc(tf.argmax(model(x), axis=1, output_type=tf.int64), y)
    print('RESULT epoch', epoch, epoch_loss.result().numpy(), epoch_acc.result().numpy())

print('RESULT output', *model(images[:1]).numpy()[0])
print('RESULT variables', len(model.trainable_variables), *[float(tf.reduce_sum(tf.abs(v))) for v in model.trainable_variables[:2]])

prefix = os.path.join(tempfile.mkdtemp(), 'ckpt')
checkpoint = tf.train.Checkpoint(model=model)
path = checkpoint.save(prefix)
model.dense2.bias.assign([9., 9., 9.])
checkpoint.restore(path)
print('RESULT restored', *model.dense2.bias.numpy())
