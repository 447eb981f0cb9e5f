"""One iterator structure switched between a training and a validation Dataset."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(10)
train_data = (rng.rand(20, 3).astype(np.float32), rng.randint(0, 2, 20))
valid_data = (rng.rand(8, 3).astype(np.float32), rng.randint(0, 2, 8))


def _normalize(x, y):
    return (x - 0.5) * 2.0, tf.one_hot(y, 2)


train_ds = tf.data.Dataset.from_tensor_slices(train_data).map(_normalize).batch(5)
valid_ds = tf.data.Dataset.from_tensor_slices(valid_data).map(_normalize, num_parallel_calls=2).batch(8)

iterator = tf.data.Iterator.from_structure(train_ds.output_types, train_ds.output_shapes)
features, labels = iterator.get_next()
train_init = iterator.make_initializer(train_ds)
valid_init = iterator.make_initializer(valid_ds)

w = tf.get_variable('w', shape=[3, 2], initializer=tf.zeros_initializer())
b = tf.get_variable('b', shape=[2], initializer=tf.zeros_initializer())
logits = tf.matmul(features, w) + b
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))
optimizer = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
hits = tf.reduce_sum(tf.to_float(tf.equal(tf.argmax(logits, 1), tf.argmax(labels, 1))))

max_x = tf.placeholder(tf.int64, shape=[])
squares = tf.data.Dataset.range(max_x).map(lambda v: v * v).filter(lambda v: tf.not_equal(v % 3, 0))
squares = tf.data.Dataset.zip((squares, squares.skip(1))).repeat(2).batch(4)
sq_iter = squares.make_initializable_iterator()
pair = sq_iter.get_next()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(3):
        sess.run(train_init)
        total, n = 0.0, 0
        try:
            while True:
                l, _ = sess.run([loss, optimizer])
                total += l
                n += 1
        except tf.errors.OutOfRangeError:
            pass
        sess.run(valid_init)
        v, h = sess.run([loss, hits])
        print('RESULT epoch', epoch, n, total / n, v, h)
    for limit in (5, 8):
        sess.run(sq_iter.initializer, feed_dict={max_x: limit})
        a, c = sess.run(pair)
        print('RESULT squares', limit, *np.concatenate([a, c]))
