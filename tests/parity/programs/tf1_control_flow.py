"""while_loop, cond, case, scan, map_fn, foldl and TensorArray in one graph."""
import numpy as np
import tensorflow as tf

n = tf.placeholder(tf.int32, [])
x = tf.placeholder(tf.float32, [None])

# fibonacci with a while_loop
_, fib, _ = tf.while_loop(lambda i, a, b: tf.less(i, n), lambda i, a, b: (i + 1, b, a + b), [tf.constant(0), tf.constant(0), tf.constant(1)])

# growing loop variable needs shape invariants
_, powers = tf.while_loop(lambda i, acc: i < n,
                          lambda i, acc: [i + 1, tf.concat([acc, acc[-1:] * 2.], 0)],
                          loop_vars=[tf.constant(0), tf.constant([1.])],
                          shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])])

branch = tf.cond(tf.greater(tf.reduce_sum(x), 0), lambda: tf.exp(-x), lambda: tf.abs(x))
sel = tf.case([(n < 3, lambda: tf.constant(-1.)), (n < 8, lambda: tf.reduce_max(x))], default=lambda: tf.constant(99.))
cumulative = tf.scan(lambda a, e: a * 0.5 + e, x, initializer=tf.constant(0.))
mapped, idx = tf.map_fn(lambda t: (t[0] ** 2, t[1] + 1), (x, tf.range(tf.size(x))), dtype=(tf.float32, tf.int32))
folded = tf.foldl(lambda a, e: a + e * e, x)


def body(step, ta, h):
    h = tf.tanh(h * 0.9 + x[step])
    return step + 1, ta.write(step, h), h


_, ta, last = tf.while_loop(lambda s, *_: s < tf.size(x), body, [0, tf.TensorArray(tf.float32, size=tf.size(x)), 0.1])
states = ta.stack()

w = tf.get_variable('w', [], initializer=tf.constant_initializer(1.5))
_, chained = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * w + 1.), (0, 2.))
dw = tf.gradients(chained, w)[0]

a = tf.Variable(1.0)
assign = tf.assign(a, 5.0)
with tf.control_dependencies([assign]):
    after = a.read_value() * 2 if hasattr(a, 'read_value') else tf.identity(a) * 2

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for k, data in ((2, [1., -3., .5]), (7, [.5, 2., -1., 0.])):
        feed = {n: k, x: data}
        print('RESULT fib', sess.run(fib, feed))
        print('RESULT powers', *sess.run(powers, feed))
        print('RESULT branch', *sess.run(branch, feed))
        print('RESULT case', sess.run(sel, feed))
        print('RESULT scan', *sess.run(cumulative, feed))
        m, i = sess.run([mapped, idx], feed)
        print('RESULT map', *np.concatenate([m, i]))
        print('RESULT fold', sess.run(folded, feed))
        print('RESULT states', *sess.run(states, feed))
        print('RESULT last', sess.run(last, feed))
    print('RESULT gradient', *sess.run([chained, dw]))
    print('RESULT after', sess.run(after))
