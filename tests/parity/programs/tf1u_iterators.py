"""Iterators of every kind: initializable, reinitializable and feedable, and a queue of epochs over them."""
import numpy as np
import tensorflow as tf

BATCH_SIZE = 4
EPOCHS = 2

rng = np.random.RandomState(0)
train_data = (rng.randn(12, 3).astype(np.float32), rng.randint(0, 2, (12, 1)).astype(np.float32))
test_data = (rng.randn(8, 3).astype(np.float32), rng.randint(0, 2, (8, 1)).astype(np.float32))

# initializable iterator over placeholders
x, y = tf.placeholder(tf.float32, shape=[None, 3]), tf.placeholder(tf.float32, shape=[None, 1])
batch_size = tf.placeholder(tf.int64)
dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(batch_size).repeat()
iter_init = dataset.make_initializable_iterator()
features, labels = iter_init.get_next()

net = tf.layers.dense(features, 5, activation=tf.tanh, kernel_initializer=tf.constant_initializer(rng.randn(3, 5)))
prediction = tf.layers.dense(net, 1, kernel_initializer=tf.constant_initializer(0.3))
loss = tf.losses.mean_squared_error(labels, prediction)
train_op = tf.train.AdamOptimizer(0.05).minimize(loss)

# reinitializable iterator
train_dataset = tf.data.Dataset.from_tensor_slices(train_data).batch(BATCH_SIZE)
test_dataset = tf.data.Dataset.from_tensor_slices(test_data).batch(BATCH_SIZE)
iter_re = tf.data.Iterator.from_structure(train_dataset.output_types, train_dataset.output_shapes)
re_x, re_y = iter_re.get_next()
train_init_op = iter_re.make_initializer(train_dataset)
test_init_op = iter_re.make_initializer(test_dataset)
total = tf.reduce_sum(re_x) + tf.reduce_sum(re_y)

# feedable iterator
handle = tf.placeholder(tf.string, shape=[])
iter_feed = tf.data.Iterator.from_string_handle(handle, train_dataset.output_types, train_dataset.output_shapes)
feed_x, _ = iter_feed.get_next()
feed_mean = tf.reduce_mean(feed_x)
train_one_shot = train_dataset.repeat().make_one_shot_iterator()
test_initializable = test_dataset.make_initializable_iterator()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(iter_init.initializer, feed_dict={x: train_data[0], y: train_data[1], batch_size: BATCH_SIZE})
    n_batches = train_data[0].shape[0] // BATCH_SIZE
    for i in range(EPOCHS):
        tot_loss = 0
        for _ in range(n_batches):
            _, loss_value = sess.run([train_op, loss])
            tot_loss += loss_value
        print("RESULT epoch", i, tot_loss / n_batches)
    sess.run(iter_init.initializer, feed_dict={x: test_data[0], y: test_data[1], batch_size: test_data[0].shape[0]})
    print('RESULT test_loss {:4f}'.format(sess.run(loss)))

    for epoch in range(EPOCHS):
        for name, op in (('train', train_init_op), ('test', test_init_op)):
            sess.run(op)
            count = 0
            while True:
                try:
                    value = sess.run(total)
                    count += 1
                except tf.errors.OutOfRangeError:
                    break
            print('RESULT', name, count, value)

    train_handle = sess.run(train_one_shot.string_handle())
    test_handle = sess.run(test_initializable.string_handle())
    for step in range(2):
        for _ in range(2):
            print('RESULT feed_train', sess.run(feed_mean, feed_dict={handle: train_handle}))
        sess.run(test_initializable.initializer)
        print('RESULT feed_test', sess.run(feed_mean, feed_dict={handle: test_handle}))
