"""REINFORCE on recorded episodes with discounted, normalized returns."""
import numpy as np
import tensorflow as tf


class PolicyGradient:
    def __init__(self, n_actions, n_features, learning_rate=0.02, reward_decay=0.95):
        self.n_actions = n_actions
        self.n_features = n_features
        self.gamma = reward_decay
        self.ep_obs, self.ep_as, self.ep_rs = [], [], []
        self._build_net(learning_rate)
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def _build_net(self, lr):
        rs = np.random.RandomState(31)
        with tf.name_scope('inputs'):
            self.tf_obs = tf.placeholder(tf.float32, [None, self.n_features], name="observations")
            self.tf_acts = tf.placeholder(tf.int32, [None, ], name="actions_num")
            self.tf_vt = tf.placeholder(tf.float32, [None, ], name="actions_value")
        layer = tf.layers.dense(inputs=self.tf_obs, units=6, activation=tf.nn.tanh,
                                kernel_initializer=tf.constant_initializer(rs.normal(0, .3, (self.n_features, 6))),
                                bias_initializer=tf.constant_initializer(0.1), name='fc1')
        all_act = tf.layers.dense(inputs=layer, units=self.n_actions, activation=None,
                                  kernel_initializer=tf.constant_initializer(rs.normal(0, .3, (6, self.n_actions))),
                                  bias_initializer=tf.constant_initializer(0.1), name='fc2')
        self.all_act_prob = tf.nn.softmax(all_act, name='act_prob')
        with tf.name_scope('loss'):
            neg_log_prob = tf.reduce_sum(-tf.log(self.all_act_prob) * tf.one_hot(self.tf_acts, self.n_actions), axis=1)
            self.loss = tf.reduce_mean(neg_log_prob * self.tf_vt)
            entropy = -tf.reduce_sum(self.all_act_prob * tf.log(self.all_act_prob), axis=1)
            self.entropy = tf.reduce_mean(entropy)
        with tf.name_scope('train'):
            self.train_op = tf.train.AdamOptimizer(lr).minimize(self.loss - 0.01 * self.entropy)

    def store_transition(self, s, a, r):
        self.ep_obs.append(s)
        self.ep_as.append(a)
        self.ep_rs.append(r)

    def learn(self):
        vt = self._discount_and_norm_rewards()
        feed = {self.tf_obs: np.vstack(self.ep_obs), self.tf_acts: np.array(self.ep_as), self.tf_vt: vt}
        loss, ent = self.sess.run([self.loss, self.entropy], feed)
        self.sess.run(self.train_op, feed_dict=feed)
        self.ep_obs, self.ep_as, self.ep_rs = [], [], []
        return vt, loss, ent

    def _discount_and_norm_rewards(self):
        discounted = np.zeros_like(self.ep_rs)
        running_add = 0
        for t in reversed(range(0, len(self.ep_rs))):
            running_add = running_add * self.gamma + self.ep_rs[t]
            discounted[t] = running_add
        return (discounted - np.mean(discounted)) / np.std(discounted)


agent = PolicyGradient(n_actions=3, n_features=4)
rng = np.random.RandomState(2)
for episode in range(4):
    obs = rng.randn(4)
    for t in range(6):
        action = rng.randint(3)
        obs = 0.8 * obs + 0.1 * (action - 1)
        agent.store_transition(obs, action, float(obs.sum()))
    vt, loss, ent = agent.learn()
    print("RESULT episode", episode, vt[0], loss, ent)
print("RESULT probs", *agent.sess.run(agent.all_act_prob, {agent.tf_obs: [[.1, -.2, .3, .4]]})[0])
