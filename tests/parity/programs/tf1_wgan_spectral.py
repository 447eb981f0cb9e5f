"""Wasserstein critic: weight clipping ops, power iteration update and a gradient penalty at fixed mixing points."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(83)


def spectral_norm(w, iteration=1):
    w_shape = w.shape.as_list()
    w = tf.reshape(w, [-1, w_shape[-1]])
    u = tf.get_variable("u", [1, w_shape[-1]], initializer=tf.constant_initializer(0.5), trainable=False)
    u_hat, v_hat = u, None
    for _ in range(iteration):
        v_hat = tf.nn.l2_normalize(tf.matmul(u_hat, tf.transpose(w)))
        u_hat = tf.nn.l2_normalize(tf.matmul(v_hat, w))
    u_hat, v_hat = tf.stop_gradient(u_hat), tf.stop_gradient(v_hat)
    sigma = tf.matmul(tf.matmul(v_hat, w), tf.transpose(u_hat))
    tf.add_to_collection('SPECTRAL_NORM_UPDATE_OPS', u.assign(u_hat))
    return tf.reshape(w / sigma, w_shape)


def critic(x, reuse=False):
    with tf.variable_scope('critic', reuse=reuse):
        w1 = tf.get_variable('w1', [2, 8], initializer=tf.constant_initializer(W1))
        h = tf.nn.leaky_relu(tf.matmul(x, w1), alpha=0.1)
        w2 = tf.get_variable('w2', [8, 4], initializer=tf.constant_initializer(W2))
        with tf.variable_scope('sn'):
            h = tf.nn.leaky_relu(tf.matmul(h, spectral_norm(w2, 2)), alpha=0.1)
        return tf.matmul(h, tf.get_variable('w3', [4, 1], initializer=tf.constant_initializer([[.4], [-.3], [.2], [.5]])))


def generator(z):
    with tf.variable_scope('generator'):
        w = tf.get_variable('w', [2, 2], initializer=tf.constant_initializer([[.8, .1], [-.2, .6]]))
        return tf.matmul(z, w) + tf.get_variable('b', [2], initializer=tf.zeros_initializer())


W1, W2 = rng.normal(0, .5, (2, 8)), rng.normal(0, .5, (8, 4))
real, z = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32, [None, 2])
alpha = tf.placeholder(tf.float32, [None, 1])
fake = generator(z)
c_real, c_fake = critic(real), critic(fake, reuse=True)
mixed = real * alpha + fake * (1 - alpha)
gradients = tf.gradients(critic(mixed, reuse=True), [mixed])[0]
slopes = tf.sqrt(tf.reduce_sum(tf.square(gradients), reduction_indices=[1]))
penalty = tf.reduce_mean((slopes - 1.) ** 2)
c_loss = tf.reduce_mean(c_fake) - tf.reduce_mean(c_real) + 10. * penalty
g_loss = -tf.reduce_mean(c_fake)
c_vars = [v for v in tf.trainable_variables() if v.name.startswith('critic')]
g_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='generator')
c_step = tf.train.RMSPropOptimizer(0.005).minimize(c_loss, var_list=c_vars)
g_step = tf.train.RMSPropOptimizer(0.01).minimize(g_loss, var_list=g_vars)
clip_op = tf.group(*[v.assign(tf.clip_by_value(v, -0.6, 0.6)) for v in c_vars])
u_update = tf.get_collection('SPECTRAL_NORM_UPDATE_OPS')[0]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for it in range(4):
        feed = {real: rng.normal(1, .5, (8, 2)), z: rng.normal(size=(8, 2)), alpha: rng.rand(8, 1)}
        print('RESULT losses', it, *sess.run([c_loss, g_loss, penalty], feed))
        sess.run(c_step, feed)
        sess.run(clip_op)
        sess.run(u_update)
        sess.run(g_step, feed)
    print('RESULT max_w', *[np.abs(w).max() for w in sess.run(c_vars)])
    print('RESULT generator', *sess.run(g_vars[0]).ravel())
    print('RESULT u', *sess.run(tf.global_variables('critic/sn')[0]).ravel())
