"""Optimizers of tf.contrib.opt: L-BFGS of SciPy over an image variable, decoupled decay, moving averages, lazy Adam."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(30)
content = rng.rand(1, 4, 4, 2).astype(np.float32)
style = rng.rand(1, 4, 4, 2).astype(np.float32)
kernel = tf.constant(rng.randn(3, 3, 2, 3) * 0.3, tf.float32)


def features(image):
    return tf.nn.relu(tf.nn.conv2d(image, kernel, [1, 1, 1, 1], 'SAME') + 0.1)


def gram(f):
    f = tf.reshape(f, [-1, 3])
    return tf.matmul(tf.transpose(f), f) / 16.


image = tf.Variable(content, name='image')
loss = 0.5 * tf.reduce_sum(tf.square(features(image) - features(tf.constant(content)))) + tf.reduce_sum(
    tf.square(gram(features(image)) - gram(features(tf.constant(style)))))
optimizer = tf.contrib.opt.ScipyOptimizerInterface(loss, method='L-BFGS-B', options={'maxiter': 60}, var_list=[image])

X, Y = rng.randn(12, 3).astype(np.float32), rng.randn(12, 1).astype(np.float32)


def regression(name):
    with tf.variable_scope(name):
        w = tf.get_variable('w', [3, 1], initializer=tf.constant_initializer(0.5))
        return w, tf.reduce_mean(tf.square(tf.matmul(X, w) - Y))


runs = {}
w, l = regression('adamw')
runs['adamw'] = w, l, tf.contrib.opt.AdamWOptimizer(weight_decay=0.02, learning_rate=0.05).minimize(l)
w, l = regression('momentumw')
runs['momentumw'] = w, l, tf.contrib.opt.MomentumWOptimizer(0.02, 0.05, 0.9).minimize(l, decay_var_list=[w])
w, l = regression('nadam')
runs['nadam'] = w, l, tf.contrib.opt.NadamOptimizer(0.05).minimize(l)
w, l = regression('lazy')
runs['lazy'] = w, l, tf.contrib.opt.LazyAdamOptimizer(0.05).minimize(l)
w, l = regression('power')
runs['power'] = w, l, tf.contrib.opt.PowerSignOptimizer(0.05).minimize(l)
w, l = regression('adamax')
runs['adamax'] = w, l, tf.contrib.opt.AdaMaxOptimizer(0.05).minimize(l)
w, l = regression('average')
averaging = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), average_decay=0.5)
runs['average'] = w, l, averaging.minimize(l)
saver = averaging.swapping_saver()
w, l = regression('dadagrad')
runs['dadagrad'] = w, l, tf.train.AdagradDAOptimizer(0.1, tf.train.get_or_create_global_step()).minimize(
    l, global_step=tf.train.get_global_step())
w, l = regression('centered')
runs['centered'] = w, l, tf.train.RMSPropOptimizer(0.05, centered=True).minimize(l)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    before = sess.run(loss)
    print('RESULT before', before)
    losses = []
    optimizer.minimize(sess, fetches=[loss], loss_callback=losses.append)
    print('RESULT after', float(sess.run(loss) < 0.9 * before), float(len(losses) > 3))
    for name in sorted(runs):
        for _ in range(3):
            value = sess.run(runs[name][1])
            sess.run(runs[name][2])
        print('RESULT', name, value, *sess.run(runs[name][0]).ravel())
