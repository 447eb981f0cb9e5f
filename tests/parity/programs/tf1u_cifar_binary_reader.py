"""CIFAR-10's tutorial in small: fixed length records, queues, local response normalization, averages of losses."""
import os
import tempfile

import numpy as np
import tensorflow as tf

FLAGS = tf.app.flags.FLAGS
tf.app.flags.DEFINE_integer('batch_size', 4, """Number of images to process in a batch.""")
tf.app.flags.DEFINE_string('data_dir', tempfile.mkdtemp(), """Path to the data directory.""")

IMAGE_SIZE = 8
NUM_CLASSES = 3
MOVING_AVERAGE_DECAY = 0.99
TOWER_NAME = 'tower'
rng = np.random.RandomState(5)


def write_records():
    for part in range(2):
        with open(os.path.join(FLAGS.data_dir, 'data_batch_%d.bin' % part), 'wb') as f:
            for i in range(6):
                f.write(bytes(bytearray([(i + part) % NUM_CLASSES])))
                f.write(rng.randint(0, 255, 3 * IMAGE_SIZE * IMAGE_SIZE).astype(np.uint8).tobytes())


def read_cifar10(filename_queue):
    class CIFAR10Record(object):
        pass
    result = CIFAR10Record()
    label_bytes = 1
    image_bytes = IMAGE_SIZE * IMAGE_SIZE * 3
    reader = tf.FixedLengthRecordReader(record_bytes=label_bytes + image_bytes)
    result.key, value = reader.read(filename_queue)
    record_bytes = tf.decode_raw(value, tf.uint8)
    result.label = tf.cast(tf.strided_slice(record_bytes, [0], [label_bytes]), tf.int32)
    depth_major = tf.reshape(tf.strided_slice(record_bytes, [label_bytes], [label_bytes + image_bytes]),
                             [3, IMAGE_SIZE, IMAGE_SIZE])
    result.uint8image = tf.transpose(depth_major, [1, 2, 0])
    return result


def inputs():
    filenames = [os.path.join(FLAGS.data_dir, 'data_batch_%d.bin' % i) for i in range(2)]
    filename_queue = tf.train.string_input_producer(filenames, shuffle=False)
    read_input = read_cifar10(filename_queue)
    image = tf.cast(read_input.uint8image, tf.float32)
    image = tf.image.resize_image_with_crop_or_pad(image, 6, 6)
    image = tf.image.per_image_standardization(image)
    image.set_shape([6, 6, 3])
    read_input.label.set_shape([1])
    images, label_batch = tf.train.batch([image, read_input.label], batch_size=FLAGS.batch_size, num_threads=1,
                                         capacity=20)
    tf.summary.image('images', images)
    return images, tf.reshape(label_batch, [FLAGS.batch_size])


def _variable_with_weight_decay(name, shape, value, wd):
    with tf.device('/cpu:0'):
        var = tf.get_variable(name, shape, initializer=tf.constant_initializer(value), dtype=tf.float32)
    if wd is not None:
        tf.add_to_collection('losses', tf.multiply(tf.nn.l2_loss(var), wd, name='weight_loss'))
    return var


def inference(images):
    with tf.variable_scope('conv1') as scope:
        kernel = _variable_with_weight_decay('weights', [3, 3, 3, 4], rng.randn(3, 3, 3, 4) * 0.2, None)
        conv = tf.nn.conv2d(images, kernel, [1, 1, 1, 1], padding='SAME')
        biases = tf.get_variable('biases', [4], initializer=tf.constant_initializer(0.1))
        conv1 = tf.nn.relu(tf.nn.bias_add(conv, biases), name=scope.name)
        tf.summary.histogram(scope.name + '/activations', conv1)
        tf.summary.scalar(conv1.op.name + '/sparsity', tf.nn.zero_fraction(conv1))
    pool1 = tf.nn.max_pool(conv1, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding='SAME', name='pool1')
    norm1 = tf.nn.lrn(pool1, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75, name='norm1')
    with tf.variable_scope('softmax_linear') as scope:
        flat = tf.reshape(norm1, [FLAGS.batch_size, -1])
        dim = flat.get_shape()[1].value
        weights = _variable_with_weight_decay('weights', [dim, NUM_CLASSES], rng.randn(dim, NUM_CLASSES) * 0.1, 0.004)
        biases = tf.get_variable('biases', [NUM_CLASSES], initializer=tf.constant_initializer(0.0))
        return tf.add(tf.matmul(flat, weights), biases, name=scope.name)


def train(total_loss, global_step):
    lr = tf.train.exponential_decay(0.1, global_step, 2, 0.5, staircase=True)
    loss_averages = tf.train.ExponentialMovingAverage(0.9, name='avg')
    losses = tf.get_collection('losses')
    loss_averages_op = loss_averages.apply(losses + [total_loss])
    for l in losses + [total_loss]:
        tf.summary.scalar(l.op.name + ' (raw)', l)
        tf.summary.scalar(l.op.name, loss_averages.average(l))
    with tf.control_dependencies([loss_averages_op]):
        opt = tf.train.GradientDescentOptimizer(lr)
        grads = opt.compute_gradients(total_loss)
    apply_gradient_op = opt.apply_gradients(grads, global_step=global_step)
    for grad, var in grads:
        if grad is not None:
            tf.summary.histogram(var.op.name + '/gradients', grad)
    variable_averages = tf.train.ExponentialMovingAverage(MOVING_AVERAGE_DECAY, global_step)
    with tf.control_dependencies([apply_gradient_op]):
        variables_averages_op = variable_averages.apply(tf.trainable_variables())
    return variables_averages_op, loss_averages.average(total_loss)


def main(argv=None):
    write_records()
    with tf.Graph().as_default():
        global_step = tf.Variable(0, trainable=False)
        images, labels = inputs()
        logits = inference(images)
        xent = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.cast(labels, tf.int64), logits=logits)
        tf.add_to_collection('losses', tf.reduce_mean(xent, name='cross_entropy'))
        loss = tf.add_n(tf.get_collection('losses'), name='total_loss')
        train_op, average = train(loss, global_step)
        top_k_op = tf.nn.in_top_k(logits, labels, 1)
        summary_op = tf.summary.merge_all()
        sess = tf.Session(config=tf.ConfigProto(log_device_placement=False, allow_soft_placement=True))
        sess.run(tf.global_variables_initializer())
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=sess, coord=coord)
        for step in range(5):
            _, loss_value, right, summary = sess.run([train_op, loss, top_k_op, summary_op])
            assert not np.isnan(loss_value), 'Model diverged with loss = NaN'
            print('RESULT step', step, loss_value, len(right))
        print('RESULT average', float(sess.run(global_step)))
        parsed = tf.Summary()
        parsed.ParseFromString(summary)
        print('RESULT tags', len(parsed.value))
        print('RESULT raw', *[v.simple_value for v in parsed.value if v.tag.startswith('total_loss')])
        averages = tf.train.ExponentialMovingAverage(MOVING_AVERAGE_DECAY).variables_to_restore()
        print('RESULT restore', *sorted(averages))
        coord.request_stop()
        coord.join(threads)


if __name__ == '__main__':
    tf.app.run()
