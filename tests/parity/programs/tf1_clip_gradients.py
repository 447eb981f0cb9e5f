"""Gradient clipping by global norm, by norm and by value."""
import numpy as np
import tensorflow as tf

x_data = np.random.RandomState(3).normal(size=(16, 4)).astype(np.float32) * 3
y_data = x_data.dot(np.array([[2.], [-1.], [0.5], [4.]], np.float32)) + 1


def build(clip):
    x = tf.placeholder(tf.float32, [None, 4], name='x')
    y = tf.placeholder(tf.float32, [None, 1], name='y')
    w = tf.Variable(tf.zeros([4, 1]), name='w')
    b = tf.Variable(0.0, name='b')
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y))
    optimizer = tf.train.MomentumOptimizer(learning_rate=0.05, momentum=0.5)
    grads_and_vars = optimizer.compute_gradients(loss)
    norm = tf.global_norm([g for g, _ in grads_and_vars])
    if clip == 'global_norm':
        gradients, variables = zip(*grads_and_vars)
        gradients, norm = tf.clip_by_global_norm(gradients, 5.0)
        train_op = optimizer.apply_gradients(zip(gradients, variables))
    elif clip == 'norm':
        capped = [(tf.clip_by_norm(g, 2.0), v) for g, v in grads_and_vars if g is not None]
        train_op = optimizer.apply_gradients(capped)
    else:
        capped = [(tf.clip_by_value(g, -1., 1.), v) for g, v in grads_and_vars]
        train_op = optimizer.apply_gradients(capped)
    return x, y, w, b, loss, norm, train_op


for clip in ('global_norm', 'norm', 'value'):
    tf.reset_default_graph()
    x, y, w, b, loss, norm, train_op = build(clip)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(4):
            l, n, _ = sess.run([loss, norm, train_op], feed_dict={x: x_data, y: y_data})
            print('RESULT', clip, l, n)
        print('RESULT', clip + '_weights', *np.append(sess.run(w), sess.run(b)))
