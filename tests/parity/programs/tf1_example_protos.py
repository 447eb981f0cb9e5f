"""tf.Example records: tf_record_iterator, parse_example with VarLen features, a record reader queue."""
import os
import tempfile
import tensorflow as tf

path = os.path.join(tempfile.mkdtemp(), 'people.tfrecord')
people = [(31, [1.5, 2.5], 'ann'), (18, [0.25], 'bob'), (65, [], 'carol'), (44, [7., 8., 9.], 'dan')]

options = tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)
with tf.python_io.TFRecordWriter(path, options=options) as writer:
    for age, scores, name in people:
        ex = tf.train.Example(features=tf.train.Features(feature={
            'age': tf.train.Feature(int64_list=tf.train.Int64List(value=[age])),
            'scores': tf.train.Feature(float_list=tf.train.FloatList(value=scores)),
            'name': tf.train.Feature(bytes_list=tf.train.BytesList(value=[name.encode('utf-8')]))}))
        writer.write(ex.SerializeToString())

records = list(tf.python_io.tf_record_iterator(path, options=options))
for r in records:
    example = tf.train.Example.FromString(r)
    print('RESULT record', example.features.feature['age'].int64_list.value[0],
          len(example.features.feature['scores'].float_list.value),
          example.features.feature['name'].bytes_list.value[0].decode())

serialized = tf.placeholder(tf.string, [None])
parsed = tf.parse_example(serialized, {
    'age': tf.FixedLenFeature((), tf.int64),
    'scores': tf.VarLenFeature(tf.float32),
    'name': tf.FixedLenFeature((), tf.string, default_value=''),
    'height': tf.FixedLenFeature((), tf.float32, default_value=1.75)})
dense = tf.sparse_tensor_to_dense(parsed['scores'], default_value=-1.)
bucket = tf.string_to_hash_bucket_fast(parsed['name'], 10)

filename_queue = tf.train.string_input_producer([path], num_epochs=1, shuffle=False)
_, one = tf.TFRecordReader(options=options).read(filename_queue)
age = tf.parse_single_example(one, {'age': tf.FixedLenFeature([], tf.int64)})['age']

with tf.Session() as sess:
    sess.run(tf.local_variables_initializer())
    out, d, h = sess.run([parsed, dense, bucket], {serialized: records})
    print('RESULT age', *out['age'])
    print('RESULT indices', *out['scores'].indices.ravel())
    print('RESULT dense', *d.ravel())
    print('RESULT height', *out['height'])
    print('RESULT bucket', *h)
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess, coord)
    ages = []
    try:
        while not coord.should_stop():
            ages.append(sess.run(age))
    except tf.errors.OutOfRangeError:
        coord.request_stop()
    coord.join(threads)
    print('RESULT read', *ages)
