"""Convolutional variational autoencoder, eager, noise made by numpy."""
from __future__ import absolute_import, division, print_function
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()


class CVAE(tf.keras.Model):
    def __init__(self, latent_dim):
        super(CVAE, self).__init__()
        self.latent_dim = latent_dim
        self.inference_net = tf.keras.Sequential([
            tf.keras.layers.InputLayer(input_shape=(8, 8, 1)),
            tf.keras.layers.Conv2D(filters=3, kernel_size=3, strides=(2, 2), activation=tf.nn.relu),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(latent_dim + latent_dim),
        ])
        self.generative_net = tf.keras.Sequential([
            tf.keras.layers.InputLayer(input_shape=(latent_dim,)),
            tf.keras.layers.Dense(units=4 * 4 * 2, activation=tf.nn.relu),
            tf.keras.layers.Reshape(target_shape=(4, 4, 2)),
            tf.keras.layers.Conv2DTranspose(filters=3, kernel_size=3, strides=(2, 2), padding="SAME", activation=tf.nn.relu),
            tf.keras.layers.Conv2DTranspose(filters=1, kernel_size=3, strides=(1, 1), padding="SAME"),
        ])

    def encode(self, x):
        mean, logvar = tf.split(self.inference_net(x), num_or_size_splits=2, axis=1)
        return mean, logvar

    def reparameterize(self, mean, logvar, eps):
        return eps * tf.exp(logvar * .5) + mean

    def decode(self, z, apply_sigmoid=False):
        logits = self.generative_net(z)
        if apply_sigmoid:
            return tf.sigmoid(logits)
        return logits


def log_normal_pdf(sample, mean, logvar, raxis=1):
    log2pi = tf.log(2. * np.pi)
    return tf.reduce_sum(-.5 * ((sample - mean) ** 2. * tf.exp(-logvar) + logvar + log2pi), axis=raxis)


def compute_loss(model, x, eps):
    mean, logvar = model.encode(x)
    z = model.reparameterize(mean, logvar, eps)
    x_logit = model.decode(z)
    cross_ent = tf.nn.sigmoid_cross_entropy_with_logits(logits=x_logit, labels=x)
    logpx_z = -tf.reduce_sum(cross_ent, axis=[1, 2, 3])
    logpz = log_normal_pdf(z, 0., 0.)
    logqz_x = log_normal_pdf(z, mean, logvar)
    return -tf.reduce_mean(logpx_z + logpz - logqz_x)


def compute_gradients(model, x, eps):
    with tf.GradientTape() as tape:
        loss = compute_loss(model, x, eps)
    return tape.gradient(loss, model.trainable_variables), loss


optimizer = tf.train.AdamOptimizer(1e-2)


def apply_gradients(optimizer, gradients, variables, global_step=None):
    optimizer.apply_gradients(zip(gradients, variables), global_step=global_step)


rng = np.random.RandomState(21)
images = (rng.rand(6, 8, 8, 1) > .5).astype(np.float32)
train_dataset = tf.data.Dataset.from_tensor_slices(images).batch(3)
model = CVAE(2)
for net in (model.inference_net, model.generative_net):
    net.set_weights([rng.uniform(-.3, .3, w.shape) for w in net.get_weights()])
for epoch in range(1, 4):
    for train_x in train_dataset:
        eps = rng.randn(3, 2).astype(np.float32)
        gradients, loss = compute_gradients(model, train_x, eps)
        apply_gradients(optimizer, gradients, model.trainable_variables)
    print('RESULT epoch', epoch, float(loss))
out = model.decode(tf.zeros([1, 2]), apply_sigmoid=True)
assert len(out.shape) == 4
print('RESULT image', *tf.reshape(out, [-1]).numpy()[:6])
