"""tf.where / tf.select style masking: a rank 1 condition picks whole rows."""
import numpy as np
import tensorflow as tf

finished = tf.placeholder(tf.bool, [None])
old_state = tf.placeholder(tf.float32, [None, 3])
w = tf.get_variable('w', [3, 3], initializer=tf.constant_initializer([[.5, -.2, .1], [.3, .8, -.4], [-.6, .2, .7]]))
new_state = tf.tanh(tf.matmul(old_state, w))

# keep the old state of finished sequences
state = tf.where(finished, old_state, new_state)
positive = tf.where(new_state > 0, new_state, tf.zeros_like(new_state))
indices = tf.where(finished)
selected = tf.where(tf.equal(tf.range(3), 1), new_state[0], old_state[0])
cube = tf.where(finished, tf.stack([old_state, new_state], 2), tf.stack([new_state, new_state], 2))

loss = tf.reduce_mean(tf.square(state - 1.0))
grad = tf.gradients(loss, w)[0]
train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {finished: [True, False, True], old_state: np.random.RandomState(0).randn(3, 3)}
    print('RESULT state', *sess.run(state, feed).ravel())
    print('RESULT positive', *sess.run(positive, feed).ravel())
    print('RESULT indices', *sess.run(indices, feed).ravel())
    print('RESULT selected', *sess.run(selected, feed))
    print('RESULT cube', *sess.run(cube, feed)[1].ravel())
    print('RESULT grad', *sess.run(grad, feed).ravel())
    for _ in range(3):
        sess.run(train, feed)
        print('RESULT loss', sess.run(loss, feed))
    feed = {finished: [False, True], old_state: [[1., 2., 3.], [-1., -2., -3.]]}
    print('RESULT two_rows', *sess.run(state, feed).ravel())
