"""DCGAN in eager mode, its networks compiled with tf.contrib.eager.defun."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()


class Generator(tf.keras.Model):
    def __init__(self):
        super(Generator, self).__init__()
        self.fc1 = tf.keras.layers.Dense(2 * 2 * 3, use_bias=False)
        self.batchnorm1 = tf.keras.layers.BatchNormalization()
        self.conv1 = tf.keras.layers.Conv2DTranspose(2, (3, 3), strides=(1, 1), padding='same', use_bias=False)
        self.batchnorm2 = tf.keras.layers.BatchNormalization()
        self.conv2 = tf.keras.layers.Conv2DTranspose(1, (3, 3), strides=(2, 2), padding='same', use_bias=False)

    def call(self, x, training=True):
        x = self.fc1(x)
        x = self.batchnorm1(x, training=training)
        x = tf.nn.relu(x)
        x = tf.reshape(x, shape=(-1, 2, 2, 3))
        x = tf.nn.relu(self.batchnorm2(self.conv1(x), training=training))
        return tf.nn.tanh(self.conv2(x))


class Discriminator(tf.keras.Model):
    def __init__(self):
        super(Discriminator, self).__init__()
        self.conv1 = tf.keras.layers.Conv2D(3, (3, 3), strides=(2, 2), padding='same')
        self.dropout = tf.keras.layers.Dropout(0.3)
        self.flatten = tf.keras.layers.Flatten()
        self.fc1 = tf.keras.layers.Dense(1)

    def call(self, x, training=False):
        x = tf.nn.leaky_relu(self.conv1(x))
        x = self.dropout(x, training=training)
        return self.fc1(self.flatten(x))


def discriminator_loss(real_output, generated_output):
    real_loss = tf.losses.sigmoid_cross_entropy(multi_class_labels=tf.ones_like(real_output), logits=real_output)
    generated_loss = tf.losses.sigmoid_cross_entropy(multi_class_labels=tf.zeros_like(generated_output), logits=generated_output)
    return real_loss + generated_loss


def generator_loss(generated_output):
    return tf.losses.sigmoid_cross_entropy(tf.ones_like(generated_output), generated_output)


rng = np.random.RandomState(30)
real = tf.constant(rng.uniform(-1, 1, (4, 4, 4, 1)), tf.float32)
generator, discriminator = Generator(), Discriminator()
noise = tf.constant(rng.randn(4, 5), tf.float32)
discriminator(generator(noise, training=False))
for net in (generator, discriminator):
    for v in net.trainable_variables:
        v.assign(rng.uniform(-.5, .5, v.shape.as_list()))
generator.call = tf.contrib.eager.defun(generator.call)
discriminator.call = tf.contrib.eager.defun(discriminator.call)
generator_optimizer = tf.train.AdamOptimizer(1e-3)
discriminator_optimizer = tf.train.AdamOptimizer(1e-3, beta1=0.5)

for step in range(3):
    with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
        generated = generator(noise, training=True)
        real_output = discriminator(real)
        generated_output = discriminator(generated)
        gen_loss = generator_loss(generated_output)
        disc_loss = discriminator_loss(real_output, generated_output)
    gradients_of_generator = gen_tape.gradient(gen_loss, generator.trainable_variables)
    gradients_of_discriminator = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
    generator_optimizer.apply_gradients(zip(gradients_of_generator, generator.trainable_variables))
    discriminator_optimizer.apply_gradients(zip(gradients_of_discriminator, discriminator.trainable_variables))
    print('RESULT step', step, gen_loss.numpy(), disc_loss.numpy())
sample = generator(noise, training=False)
print('RESULT sample', *sample.numpy()[0, :, :, 0].ravel())
print('RESULT moving', *[float(tf.reduce_sum(v)) for v in generator.batchnorm1.variables], len(generator.variables))
