'''Actor-critic (advantage) with one session and two optimizers, fixed transitions.'''
import numpy as np
import tensorflow as tf

GAMMA = 0.9
LR_A = 0.05
LR_C = 0.1
N_F, N_A = 3, 2


def w_init(scale, *shape):
    return tf.constant_initializer(scale * np.sin(np.arange(1, 1 + np.prod(shape))).reshape(shape))


class Actor(object):
    def __init__(self, sess, n_features, n_actions, lr=0.001):
        self.sess = sess
        self.s = tf.placeholder(tf.float32, [1, n_features], "state")
        self.a = tf.placeholder(tf.int32, None, "act")
        self.td_error = tf.placeholder(tf.float32, None, "td_error")
        with tf.variable_scope('Actor'):
            l1 = tf.layers.dense(self.s, 5, tf.nn.relu, kernel_initializer=w_init(.4, n_features, 5),
                                 bias_initializer=tf.constant_initializer(0.1), name='l1')
            self.acts_prob = tf.layers.dense(l1, n_actions, tf.nn.softmax, kernel_initializer=w_init(.3, 5, n_actions), name='acts_prob')
        with tf.variable_scope('exp_v'):
            log_prob = tf.log(self.acts_prob[0, self.a])
            self.exp_v = tf.reduce_mean(log_prob * self.td_error)
        with tf.variable_scope('train'):
            self.train_op = tf.train.AdamOptimizer(lr).minimize(-self.exp_v)

    def learn(self, s, a, td):
        _, exp_v = self.sess.run([self.train_op, self.exp_v], {self.s: s[np.newaxis, :], self.a: a, self.td_error: td})
        return exp_v


class Critic(object):
    def __init__(self, sess, n_features, lr=0.01):
        self.sess = sess
        self.s = tf.placeholder(tf.float32, [1, n_features], "state")
        self.v_ = tf.placeholder(tf.float32, [1, 1], "v_next")
        self.r = tf.placeholder(tf.float32, None, 'r')
        with tf.variable_scope('Critic'):
            l1 = tf.layers.dense(self.s, 5, tf.nn.relu, kernel_initializer=w_init(.5, n_features, 5),
                                 bias_initializer=tf.constant_initializer(0.1), name='l1')
            self.v = tf.layers.dense(l1, 1, kernel_initializer=w_init(.3, 5, 1), name='V')
        with tf.variable_scope('squared_TD_error'):
            self.td_error = self.r + GAMMA * self.v_ - self.v
            self.loss = tf.square(self.td_error)
        with tf.variable_scope('train'):
            self.train_op = tf.train.AdamOptimizer(lr).minimize(self.loss)

    def learn(self, s, r, s_):
        v_ = self.sess.run(self.v, {self.s: s_[np.newaxis, :]})
        td_error, _ = self.sess.run([self.td_error, self.train_op], {self.s: s[np.newaxis, :], self.v_: v_, self.r: r})
        return td_error


sess = tf.Session()
actor = Actor(sess, n_features=N_F, n_actions=N_A, lr=LR_A)
critic = Critic(sess, n_features=N_F, lr=LR_C)
sess.run(tf.global_variables_initializer())

rng = np.random.RandomState(20)
s = rng.randn(N_F)
for t in range(6):
    a = t % N_A
    s_ = .7 * s + .2 * rng.randn(N_F) + a * .1
    td = critic.learn(s, s_.sum(), s_)
    exp_v = actor.learn(s, a, td)
    print('RESULT step', t, td[0, 0], exp_v)
    s = s_
print('RESULT probs', *sess.run(actor.acts_prob, {actor.s: s[np.newaxis]})[0])
print('RESULT value', sess.run(critic.v, {critic.s: s[np.newaxis]})[0, 0])
print('RESULT variables', len(tf.trainable_variables(scope='Actor')), len(tf.global_variables()))
