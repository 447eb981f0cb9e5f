"""PPO with a clipped surrogate: tf.distributions policies, an old policy copied by assign, a critic."""
import numpy as np
import tensorflow as tf

S_DIM, A_DIM = 3, 2
A_UPDATE_STEPS = 3
METHOD = [dict(name='kl_pen', kl_target=0.01, lam=0.5), dict(name='clip', epsilon=0.2)][1]
rng = np.random.RandomState(4)
W1 = rng.randn(S_DIM, 6).astype(np.float32) * 0.4
W2 = rng.randn(6, A_DIM).astype(np.float32) * 0.4


class PPO(object):

    def __init__(self):
        self.sess = tf.Session()
        self.tfs = tf.placeholder(tf.float32, [None, S_DIM], 'state')

        with tf.variable_scope('critic'):
            l1 = tf.layers.dense(self.tfs, 6, tf.nn.relu, kernel_initializer=tf.constant_initializer(W1), name='l1')
            self.v = tf.layers.dense(l1, 1, kernel_initializer=tf.constant_initializer(0.2), name='v')
            self.tfdc_r = tf.placeholder(tf.float32, [None, 1], 'discounted_r')
            self.advantage = self.tfdc_r - self.v
            self.closs = tf.reduce_mean(tf.square(self.advantage))
            self.ctrain_op = tf.train.AdamOptimizer(0.02).minimize(self.closs)

        pi, pi_params = self._build_anet('pi', trainable=True)
        oldpi, oldpi_params = self._build_anet('oldpi', trainable=False)
        self.params = pi_params
        self.mode = pi.mean()
        with tf.variable_scope('update_oldpi'):
            self.update_oldpi_op = [oldp.assign(p) for p, oldp in zip(pi_params, oldpi_params)]

        self.tfa = tf.placeholder(tf.float32, [None, A_DIM], 'action')
        self.tfadv = tf.placeholder(tf.float32, [None, 1], 'advantage')
        with tf.variable_scope('loss'):
            with tf.variable_scope('surrogate'):
                ratio = pi.prob(self.tfa) / (oldpi.prob(self.tfa) + 1e-5)
                surr = ratio * self.tfadv
            if METHOD['name'] == 'kl_pen':
                self.tflam = tf.placeholder(tf.float32, None, 'lambda')
                self.aloss = -tf.reduce_mean(surr - self.tflam * tf.distributions.kl_divergence(oldpi, pi))
            else:
                self.aloss = -tf.reduce_mean(tf.minimum(
                    surr,
                    tf.clip_by_value(ratio, 1. - METHOD['epsilon'], 1. + METHOD['epsilon']) * self.tfadv))
        self.kl_mean = tf.reduce_mean(tf.distributions.kl_divergence(oldpi, pi))
        self.entropy = tf.reduce_mean(pi.entropy())
        with tf.variable_scope('atrain'):
            self.atrain_op = tf.train.AdamOptimizer(0.01).minimize(self.aloss)
        self.sess.run(tf.global_variables_initializer())

    def update(self, s, a, r):
        self.sess.run(self.update_oldpi_op)
        adv = self.sess.run(self.advantage, {self.tfs: s, self.tfdc_r: r})
        for _ in range(A_UPDATE_STEPS):
            aloss, _ = self.sess.run([self.aloss, self.atrain_op], {self.tfs: s, self.tfa: a, self.tfadv: adv})
        kl, ent = self.sess.run([self.kl_mean, self.entropy], {self.tfs: s})
        [self.sess.run(self.ctrain_op, {self.tfs: s, self.tfdc_r: r}) for _ in range(2)]
        return aloss, kl, ent

    def _build_anet(self, name, trainable):
        with tf.variable_scope(name):
            l1 = tf.layers.dense(self.tfs, 6, tf.nn.relu, kernel_initializer=tf.constant_initializer(W1),
                                 trainable=trainable)
            mu = 2 * tf.layers.dense(l1, A_DIM, tf.nn.tanh, kernel_initializer=tf.constant_initializer(W2),
                                     trainable=trainable, name='mu')
            sigma = tf.layers.dense(l1, A_DIM, tf.nn.softplus, kernel_initializer=tf.constant_initializer(W2),
                                    trainable=trainable, name='sigma')
            norm_dist = tf.distributions.Normal(loc=mu, scale=sigma)
        params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=name)
        return norm_dist, params

    def get_v(self, s):
        if s.ndim < 2:
            s = s[np.newaxis, :]
        return self.sess.run(self.v, {self.tfs: s})[0, 0]


ppo = PPO()
state = rng.randn(8, S_DIM)
for episode in range(3):
    action = rng.randn(8, A_DIM)
    reward = rng.rand(8, 1)
    print('RESULT update', episode, *ppo.update(state, action, reward))
print('RESULT value', ppo.get_v(state[0]))
print('RESULT params', len(ppo.params), *[p.name for p in ppo.params])
print('RESULT sums', *[float(np.sum(p)) for p in ppo.sess.run(ppo.params)])
print('RESULT mean', *ppo.sess.run(ppo.mode, {ppo.tfs: state[:2]}).ravel())

logits = tf.constant(rng.randn(3, 4), tf.float32)
categorical = tf.distributions.Categorical(logits=logits)
other = tf.distributions.Categorical(probs=tf.nn.softmax(logits * 0.5))
beta = tf.distributions.Beta(2.0, tf.constant([3.0, 4.0]))
gamma = tf.distributions.Gamma(concentration=[2.0], rate=[0.5])
bern = tf.distributions.Bernoulli(logits=[0.3, -0.2])
uniform = tf.distributions.Uniform(0.0, [2.0, 4.0])
print('RESULT categorical', *ppo.sess.run([tf.reduce_sum(categorical.log_prob([1, 0, 3])),
                                           tf.reduce_sum(categorical.entropy()),
                                           tf.reduce_sum(categorical.kl_divergence(other))]))
print('RESULT modes', *ppo.sess.run(categorical.mode()))
print('RESULT others', *np.concatenate([np.ravel(v) for v in ppo.sess.run(
    [beta.mean(), beta.log_prob(0.4), gamma.prob(1.5), bern.entropy(), bern.mean(), uniform.cdf(1.0),
     uniform.stddev()])]))
