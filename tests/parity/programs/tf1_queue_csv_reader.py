"""Read csv files with string_input_producer, TextLineReader and decode_csv; train on the batches."""
import os
import tempfile
import numpy as np
import tensorflow as tf

folder = tempfile.mkdtemp()
rng = np.random.RandomState(3)
filenames = []
for k in range(2):
    name = os.path.join(folder, 'part%d.csv' % k)
    with open(name, 'w') as f:
        f.write('a,b,c,label\n')
        for _ in range(6):
            row = rng.randint(-9, 9, 3)
            f.write('%d,%d,%d,%.1f\n' % (row[0], row[1], row[2], row.dot([1, 2, -1])))
    filenames.append(name)


def read_row(filename_queue):
    reader = tf.TextLineReader(skip_header_lines=1)
    key, value = reader.read(filename_queue)
    record_defaults = [[0.0], [0.0], [0.0], [0.0]]
    col1, col2, col3, col4 = tf.decode_csv(value, record_defaults=record_defaults)
    return tf.stack([col1, col2, col3]), tf.expand_dims(col4, 0)


filename_queue = tf.train.string_input_producer(filenames, shuffle=False)
example, label = read_row(filename_queue)
examples, labels = tf.train.batch([example, label], batch_size=6, num_threads=1)

W = tf.Variable(tf.zeros([3, 1]))
loss = tf.reduce_mean(tf.squared_difference(tf.matmul(examples, W), labels))
train = tf.train.GradientDescentOptimizer(0.005).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(coord=coord)
    x0, y0 = sess.run([examples, labels])
    print('RESULT first_batch', *x0.ravel())
    print('RESULT first_labels', *y0.ravel())
    for i in range(5):
        l, _ = sess.run([loss, train])
        print('RESULT loss', i, l)
    print('RESULT W', *W.eval().ravel())
    coord.request_stop()
    coord.join(threads)
