"""Write images and captions to TFRecord files, read them back eagerly."""
import os
import tempfile

import numpy as np
import tensorflow as tf

tf.enable_eager_execution()


def _int64_feature(value):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))


def _bytes_feature(value):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def _float_list(values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def convert(path, images, labels, words):
    options = tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)
    with tf.python_io.TFRecordWriter(path, options=options) as writer:
        for image, label, word in zip(images, labels, words):
            example = tf.train.Example(features=tf.train.Features(feature={
                'image_raw': _bytes_feature(image.tobytes()),
                'label': _int64_feature(int(label)),
                'score': _float_list([label * 0.5, label * 0.25]),
                'words': tf.train.Feature(bytes_list=tf.train.BytesList(value=[w.encode() for w in word.split()])),
            }))
            writer.write(example.SerializeToString())


def parse(serialized):
    features = tf.parse_single_example(serialized, features={
        'image_raw': tf.FixedLenFeature([], tf.string),
        'label': tf.FixedLenFeature([], tf.int64),
        'score': tf.FixedLenFeature([2], tf.float32),
        'words': tf.VarLenFeature(tf.string),
        'missing': tf.FixedLenFeature([], tf.int64, default_value=7),
    })
    image = tf.decode_raw(features['image_raw'], tf.uint8)
    image = tf.reshape(image, [2, 3, 1])
    image = tf.image.convert_image_dtype(image, tf.float32)
    words = tf.sparse_tensor_to_dense(features['words'], default_value='')
    return image, tf.cast(features['label'], tf.int32), features['score'], words, features['missing']


folder = tempfile.mkdtemp()
path = os.path.join(folder, 'train.tfrecords')
rng = np.random.RandomState(0)
convert(path, rng.randint(0, 255, (4, 2, 3, 1)).astype(np.uint8), [3, 1, 2, 0], ['a b', 'c', 'd e f', ''])
print('RESULT records', len(list(tf.python_io.tf_record_iterator(path, options=tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)))))
for image, label, score, words, missing in tf.data.TFRecordDataset([path], compression_type='GZIP').map(parse, num_parallel_calls=2):
    print('RESULT example', float(tf.reduce_sum(image)), label.numpy(), *score.numpy())
    print('RESULT words', words.shape[0].value, missing.numpy(), *[w.decode() for w in words.numpy()])
first = next(tf.python_io.tf_record_iterator(path, tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)))
print('RESULT label', tf.train.Example.FromString(first).features.feature['label'].int64_list.value[0])
text = os.path.join(folder, 'data.csv')
with tf.gfile.GFile(text, 'w') as f:
    f.write('1,2.5,x\n4,,y\n')
for line in tf.data.TextLineDataset(text):
    number, value, letter = tf.decode_csv(line, record_defaults=[[0], [-1.0], ['']])
    print('RESULT csv', number.numpy(), value.numpy(), letter.numpy().decode())
