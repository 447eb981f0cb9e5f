"""TF 1.4's own homes: tf.contrib.keras layers and tf.contrib.data datasets in one graph program, old argument names."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.data import Dataset, Iterator

rng = np.random.RandomState(2)
images = rng.rand(12, 6).astype(np.float32)
labels = rng.randint(0, 3, 12).astype(np.int32)


class ImageDataGenerator(object):
    def __init__(self, data, targets, mode, batch_size, num_classes):
        self.num_classes = num_classes
        self.data_size = len(targets)
        data = Dataset.from_tensor_slices((tf.convert_to_tensor(data), tf.convert_to_tensor(targets, dtype=tf.int32)))
        if mode == 'training':
            data = data.map(self._parse_train, num_threads=2, output_buffer_size=4)
        elif mode == 'inference':
            data = data.map(self._parse_inference)
        else:
            raise ValueError("Invalid mode '%s'." % (mode))
        self.data = data.batch(batch_size)

    def _parse_train(self, image, label):
        return image * 2.0 - 1.0, tf.one_hot(label, self.num_classes)

    def _parse_inference(self, image, label):
        return image, tf.one_hot(label, self.num_classes)


tr_data = ImageDataGenerator(images, labels, 'training', 4, 3)
val_data = ImageDataGenerator(images[:6], labels[:6], 'inference', 3, 3)
iterator = Iterator.from_structure(tr_data.data.output_types, tr_data.data.output_shapes)
next_batch = iterator.get_next()
training_init_op = iterator.make_initializer(tr_data.data)
validation_init_op = iterator.make_initializer(val_data.data)

x = tf.placeholder(tf.float32, [None, 6])
y = tf.placeholder(tf.float32, [None, 3])
keep_prob = tf.placeholder(tf.float32)
with tf.variable_scope('fc6') as scope:
    weights = tf.get_variable('weights', shape=[6, 5], trainable=True, initializer=tf.constant_initializer(rng.randn(6, 5) * .4))
    biases = tf.get_variable('biases', [5], trainable=True, initializer=tf.zeros_initializer())
    fc6 = tf.nn.relu(tf.nn.xw_plus_b(x, weights, biases, name=scope.name))
dropped = tf.nn.dropout(fc6, keep_prob)
score = tf.contrib.layers.linear(dropped, 3, weights_initializer=tf.constant_initializer(rng.randn(5, 3)))
var_list = [v for v in tf.trainable_variables() if v.name.split('/')[0] in ['fc6']]
with tf.name_scope('cross_ent'):
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=score, labels=y))
with tf.name_scope('train'):
    gradients = tf.gradients(loss, var_list)
    gradients = list(zip(gradients, var_list))
    train_op = tf.train.GradientDescentOptimizer(0.3).apply_gradients(grads_and_vars=gradients)
for gradient, var in gradients:
    tf.summary.histogram(var.name + '/gradient', gradient)
with tf.name_scope('accuracy'):
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(score, 1), tf.argmax(y, 1)), tf.float32))
merged_summary = tf.summary.merge_all()
train_batches_per_epoch = int(np.floor(tr_data.data_size / 4))
val_batches_per_epoch = int(np.floor(val_data.data_size / 3))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(2):
        sess.run(training_init_op)
        for step in range(train_batches_per_epoch):
            img_batch, label_batch = sess.run(next_batch)
            _, value = sess.run([train_op, loss], feed_dict={x: img_batch, y: label_batch, keep_prob: 1.})
            print('RESULT train', epoch, step, value)
        sess.run(validation_init_op)
        test_acc = test_count = 0.
        for _ in range(val_batches_per_epoch):
            img_batch, label_batch = sess.run(next_batch)
            acc = sess.run(accuracy, feed_dict={x: img_batch, y: label_batch, keep_prob: 1.})
            test_acc += acc
            test_count += 1
        print('RESULT validation', epoch, test_acc / test_count)
    print('RESULT weights', *weights.eval().sum(axis=0))
    print('RESULT summary', float(len(sess.run(merged_summary, {x: images, y: np.eye(3)[labels], keep_prob: 1.})) > 100))
