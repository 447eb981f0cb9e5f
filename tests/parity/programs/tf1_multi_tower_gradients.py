"""Data-parallel towers with AUTO_REUSE and averaged gradients."""
import numpy as np
import tensorflow as tf

NUM_TOWERS = 3


def inference(features):
    with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [4, 3], initializer=tf.constant_initializer([[.1, -.2, .3], [.4, .5, -.6], [-.1, 0., .2], [.05, .3, .1]]))
        b = tf.get_variable("b", [3], initializer=tf.zeros_initializer())
        return tf.nn.softplus(tf.nn.xw_plus_b(features, w, b))


def tower_loss(features, targets):
    return tf.reduce_mean(tf.squared_difference(inference(features), targets))


def average_gradients(tower_grads):
    average_grads = []
    for grad_and_vars in zip(*tower_grads):
        grads = []
        for g, _ in grad_and_vars:
            expanded_g = tf.expand_dims(g, 0)
            grads.append(expanded_g)
        grad = tf.concat(axis=0, values=grads)
        grad = tf.reduce_mean(grad, 0)
        v = grad_and_vars[0][1]
        average_grads.append((grad, v))
    return average_grads


def train():
    with tf.Graph().as_default(), tf.device('/cpu:0'):
        global_step = tf.get_variable('global_step', [], initializer=tf.constant_initializer(0), trainable=False)
        x = tf.placeholder(tf.float32, [12, 4])
        y = tf.placeholder(tf.float32, [12, 3])
        opt = tf.train.AdagradOptimizer(0.2)
        xs, ys = tf.split(x, NUM_TOWERS), tf.split(y, NUM_TOWERS)
        tower_grads, losses = [], []
        for i in range(NUM_TOWERS):
            with tf.name_scope('tower_%d' % i):
                loss = tower_loss(xs[i], ys[i])
                losses.append(loss)
                tower_grads.append(opt.compute_gradients(loss))
        grads = average_gradients(tower_grads)
        train_op = opt.apply_gradients(grads, global_step=global_step)
        config = tf.ConfigProto(allow_soft_placement=True, log_device_placement=False)
        with tf.Session(config=config) as sess:
            sess.run(tf.global_variables_initializer())
            rng = np.random.RandomState(2)
            feed = {x: rng.rand(12, 4), y: rng.rand(12, 3)}
            g = sess.run([gv[0] for gv in grads], feed)
            print("RESULT grad_w", *g[0].ravel())
            print("RESULT grad_b", *g[1])
            for _ in range(4):
                sess.run(train_op, feed_dict=feed)
                print("RESULT losses", *sess.run(losses, feed))
            print("RESULT step", sess.run(global_step), len(tf.trainable_variables()))


if __name__ == '__main__':
    train()
