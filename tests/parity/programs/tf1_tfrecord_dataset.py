"""Write TFRecords of tf.train.Example and read them with TFRecordDataset and parse_single_example."""
import os
import tempfile
import numpy as np
import tensorflow as tf


def _int64_feature(value):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))


def _bytes_feature(value):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def _float_feature(values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def convert(path, n=6):
    rng = np.random.RandomState(77)
    writer = tf.python_io.TFRecordWriter(path)
    for i in range(n):
        image = rng.randint(0, 255, (4, 4, 1)).astype(np.uint8)
        features = tf.train.Features(feature={
            'label': _int64_feature(i % 3),
            'image_raw': _bytes_feature(image.tostring()),
            'box': _float_feature(list(rng.rand(4))),
        })
        writer.write(tf.train.Example(features=features).SerializeToString())
    writer.close()


def parser(record):
    keys_to_features = {
        'image_raw': tf.FixedLenFeature([], tf.string),
        'label': tf.FixedLenFeature([], tf.int64),
        'box': tf.FixedLenFeature([4], tf.float32),
    }
    parsed = tf.parse_single_example(record, keys_to_features)
    image = tf.decode_raw(parsed['image_raw'], tf.uint8)
    image = tf.reshape(image, [4, 4, 1])
    image = tf.image.convert_image_dtype(image, tf.float32)
    return image, parsed['box'], tf.cast(parsed['label'], tf.int32)


filename = os.path.join(tempfile.mkdtemp(), 'train.tfrecords')
convert(filename)

dataset = tf.data.TFRecordDataset([filename])
dataset = dataset.map(parser).repeat(2).apply(tf.contrib.data.batch_and_drop_remainder(5))
images, boxes, labels = dataset.make_one_shot_iterator().get_next()
kernel = tf.constant(np.arange(9).reshape(3, 3, 1, 1) / 10.0, tf.float32)
response = tf.reduce_max(tf.nn.conv2d(images, kernel, [1, 1, 1, 1], 'VALID'), axis=[1, 2, 3])

with tf.Session() as sess:
    print('RESULT static', *images.get_shape().as_list())
    for _ in range(2):
        r, b, l = sess.run([response, boxes, labels])
        print('RESULT response', *r)
        print('RESULT boxes', *b.sum(axis=1))
        print('RESULT labels', *l)
    try:
        sess.run(labels)
    except tf.errors.OutOfRangeError:
        print('RESULT end 1')
