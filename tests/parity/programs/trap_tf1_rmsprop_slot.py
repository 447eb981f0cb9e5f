"""RMSPropOptimizer: the mean-square slot starts at one, so the first steps are small."""
import numpy as np
import tensorflow as tf


def run(make_optimizer, steps=3):
    tf.reset_default_graph()
    w = tf.get_variable('w', initializer=tf.constant([0.5, -1.5, 2.0]))
    b = tf.get_variable('b', initializer=tf.constant(0.3))
    loss = tf.reduce_sum(tf.square(w) * [1.0, 0.1, 0.01]) + tf.square(b - 1.0)
    opt = make_optimizer()
    train_op = opt.minimize(loss)
    names = opt.get_slot_names()
    slots = [opt.get_slot(w, n) for n in names]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        start = [v.sum() for v in sess.run(slots)]
        losses = []
        for _ in range(steps):
            sess.run(train_op)
            losses.append(sess.run(loss))
        return names, start, losses, sess.run(w), sess.run(b), sess.run(slots)


configs = [
    ('plain', lambda: tf.train.RMSPropOptimizer(0.1)),
    ('decay', lambda: tf.train.RMSPropOptimizer(learning_rate=0.1, decay=0.5)),
    ('momentum', lambda: tf.train.RMSPropOptimizer(0.1, decay=0.99, momentum=0.9, epsilon=1e-6)),
    ('centered', lambda: tf.train.RMSPropOptimizer(0.1, centered=True)),
    ('epsilon', lambda: tf.train.RMSPropOptimizer(0.1, 0.9, 0.0, 1.0)),
]
for name, make in configs:
    names, start, losses, w, b, slots = run(make)
    print('RESULT', name + '_slots', *(sorted(names) + [float(s) for n, s in sorted(zip(names, start))]))
    print('RESULT', name + '_losses', *losses)
    print('RESULT', name + '_w', *np.append(w, b))
    print('RESULT', name + '_ms', *[float(np.abs(s).sum()) for n, s in sorted(zip(names, slots), key=lambda p: p[0])])
