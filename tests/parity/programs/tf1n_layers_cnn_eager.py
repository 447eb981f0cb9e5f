"""A small convolutional network of tf.layers objects, trained eagerly."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe

tf.enable_eager_execution()


class Net(tf.keras.Model):
    """conv - pool - conv - pool - dense - dropout - dense"""

    def __init__(self, data_format):
        super(Net, self).__init__(name='')
        self._input_shape = [-1, 8, 8, 1] if data_format == 'channels_last' else [-1, 1, 8, 8]
        init = tf.constant_initializer(0.05)
        self.conv1 = tf.layers.Conv2D(3, 3, padding='same', data_format=data_format, activation=tf.nn.relu, kernel_initializer=init)
        self.conv2 = tf.layers.Conv2D(4, 3, data_format=data_format, activation=tf.nn.relu, kernel_initializer=init)
        self.fc1 = tf.layers.Dense(6, activation=tf.nn.tanh, kernel_initializer=tf.constant_initializer(np.linspace(-0.4, 0.5, 24).reshape(4, 6)))
        self.fc2 = tf.layers.Dense(3, kernel_initializer=tf.constant_initializer(np.linspace(-1, 0.7, 18).reshape(6, 3)))
        self.dropout = tf.layers.Dropout(0.5)
        self.max_pool2d = tf.layers.MaxPooling2D((2, 2), (2, 2), padding='same', data_format=data_format)

    def call(self, inputs, training=False):
        y = tf.reshape(inputs, self._input_shape)
        y = self.max_pool2d(self.conv1(y))
        y = self.max_pool2d(self.conv2(y))
        y = tf.layers.flatten(y)
        y = self.fc1(y)
        y = self.dropout(y)
        return self.fc2(y)


def compute_loss(logits, labels):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels))


def compute_accuracy(logits, labels):
    predictions = tf.argmax(logits, axis=1, output_type=tf.int64)
    return tf.reduce_sum(tf.cast(tf.equal(predictions, tf.cast(labels, tf.int64)), dtype=tf.float32)) / float(int(predictions.shape[0]))


rng = np.random.RandomState(1)
images = rng.rand(12, 64).astype(np.float32)
labels = (np.arange(12) % 3).astype(np.int64)
dataset = tf.data.Dataset.from_tensor_slices((images, labels)).batch(4)

model = Net('channels_last')
optimizer = tf.train.MomentumOptimizer(0.1, 0.5)
step_counter = tf.train.get_or_create_global_step()
for epoch in range(2):
    avg_loss = tfe.metrics.Mean('loss')
    accuracy = tfe.metrics.Accuracy('accuracy')
    for (batch, (x, y)) in enumerate(dataset):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss_value = compute_loss(logits, y)
        avg_loss(loss_value)
        accuracy(tf.argmax(logits, axis=1, output_type=tf.int64), y)
        grads = tape.gradient(loss_value, model.variables)
        optimizer.apply_gradients(zip(grads, model.variables), global_step=step_counter)
        print('RESULT loss', step_counter.numpy(), loss_value.numpy())
    print('RESULT epoch', epoch, avg_loss.result().numpy(), accuracy.result().numpy())
print('RESULT accuracy', compute_accuracy(model(tf.constant(images)), labels).numpy(), len(model.variables))
print('RESULT sums', *[float(tf.reduce_sum(v)) for v in model.variables])
