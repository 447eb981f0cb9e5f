"""FIFOQueue filled by a python thread and by a QueueRunner, stopped by a Coordinator."""
import threading
import numpy as np
import tensorflow as tf

queue = tf.FIFOQueue(capacity=10, dtypes=[tf.float32, tf.int32], shapes=[[3], []])
data_ph = tf.placeholder(tf.float32, shape=[3])
label_ph = tf.placeholder(tf.int32, shape=[])
enqueue_op = queue.enqueue([data_ph, label_ph])
close_op = queue.close()
batch_x, batch_y = queue.dequeue_many(4)
score = tf.reduce_sum(batch_x, 1) * tf.cast(batch_y, tf.float32)

counter = tf.Variable(0.0, name='counter')
increment_op = tf.assign_add(counter, 1.5)
number_queue = tf.FIFOQueue(6, [tf.float32], shapes=[[]])
number_enqueue = number_queue.enqueue(increment_op)
qr = tf.train.QueueRunner(number_queue, [number_enqueue])
next_number = number_queue.dequeue()


def load_and_enqueue(sess, coord, samples):
    for i in range(len(samples)):
        if coord.should_stop():
            break
        sess.run(enqueue_op, feed_dict={data_ph: samples[i], label_ph: i % 3})
    sess.run(close_op)


with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    coord = tf.train.Coordinator()
    samples = np.random.RandomState(44).rand(12, 3)
    t = threading.Thread(target=load_and_enqueue, args=(sess, coord, samples))
    t.start()
    try:
        while True:
            s, y = sess.run([score, batch_y])
            print("RESULT score", *s)
            print("RESULT labels", *y)
    except tf.errors.OutOfRangeError:
        print("RESULT exhausted 1")
    t.join()

    enqueue_threads = qr.create_threads(sess, coord=coord, start=True)
    print("RESULT numbers", *[sess.run(next_number) for _ in range(5)])
    coord.request_stop()
    sess.run(number_queue.close(cancel_pending_enqueues=True))
    coord.join(enqueue_threads, stop_grace_period_secs=5)

with tf.Session() as sess:
    q = tf.PaddingFIFOQueue(5, [tf.int32], shapes=[[None]])
    for seq in ([1, 2], [3], [4, 5, 6]):
        sess.run(q.enqueue(tf.constant(seq)))
    print("RESULT size", sess.run(q.size()))
    print("RESULT padded", *sess.run(q.dequeue_many(3)).ravel())
