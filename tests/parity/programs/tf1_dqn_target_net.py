"""Deep Q learning on a tiny chain world: target network copied from the evaluation network."""
import numpy as np
import tensorflow as tf


class DeepQNetwork:
    def __init__(self, n_actions, n_features, learning_rate=0.05, reward_decay=0.9, replace_target_iter=3, memory_size=20):
        self.n_actions, self.n_features = n_actions, n_features
        self.lr, self.gamma = learning_rate, reward_decay
        self.replace_target_iter, self.memory_size = replace_target_iter, memory_size
        self.learn_step_counter = 0
        self.memory = np.zeros((memory_size, n_features * 2 + 2))
        self._build_net()
        t_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='target_net')
        e_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='eval_net')
        with tf.variable_scope('soft_replacement'):
            self.target_replace_op = [tf.assign(t, e) for t, e in zip(t_params, e_params)]
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def _layers(self, s, scope):
        with tf.variable_scope(scope):
            w1 = np.linspace(-.6, .6, self.n_features * 8).reshape(self.n_features, 8)
            w2 = np.cos(np.arange(8 * self.n_actions)).reshape(8, self.n_actions) * .3
            e1 = tf.layers.dense(s, 8, tf.nn.relu, kernel_initializer=tf.constant_initializer(w1),
                                 bias_initializer=tf.constant_initializer(0.1), name='e1')
            return tf.layers.dense(e1, self.n_actions, kernel_initializer=tf.constant_initializer(w2),
                                   bias_initializer=tf.constant_initializer(0.1), name='q')

    def _build_net(self):
        self.s = tf.placeholder(tf.float32, [None, self.n_features], name='s')
        self.s_ = tf.placeholder(tf.float32, [None, self.n_features], name='s_')
        self.r = tf.placeholder(tf.float32, [None, ], name='r')
        self.a = tf.placeholder(tf.int32, [None, ], name='a')
        self.q_eval = self._layers(self.s, 'eval_net')
        self.q_next = self._layers(self.s_, 'target_net')
        with tf.variable_scope('q_target'):
            q_target = self.r + self.gamma * tf.reduce_max(self.q_next, axis=1, name='Qmax_s_')
            self.q_target = tf.stop_gradient(q_target)
        with tf.variable_scope('q_eval'):
            a_indices = tf.stack([tf.range(tf.shape(self.a)[0], dtype=tf.int32), self.a], axis=1)
            self.q_eval_wrt_a = tf.gather_nd(params=self.q_eval, indices=a_indices)
        self.loss = tf.reduce_mean(tf.squared_difference(self.q_target, self.q_eval_wrt_a, name='TD_error'))
        self._train_op = tf.train.RMSPropOptimizer(self.lr).minimize(self.loss)

    def store_transition(self, i, s, a, r, s_):
        self.memory[i % self.memory_size, :] = np.hstack((s, [a, r], s_))

    def choose_action(self, observation):
        return np.argmax(self.sess.run(self.q_eval, feed_dict={self.s: observation[np.newaxis, :]}))

    def learn(self, batch):
        if self.learn_step_counter % self.replace_target_iter == 0:
            self.sess.run(self.target_replace_op)
        m = self.memory[batch]
        n = self.n_features
        feed = {self.s: m[:, :n], self.a: m[:, n], self.r: m[:, n + 1], self.s_: m[:, -n:]}
        _, cost = self.sess.run([self._train_op, self.loss], feed_dict=feed)
        self.learn_step_counter += 1
        return cost


rng = np.random.RandomState(1)
RL = DeepQNetwork(n_actions=3, n_features=2)
state = np.zeros(2)
for i in range(20):
    action = rng.randint(3)
    nxt = np.clip(state + [[.3, 0], [0, .3], [-.3, -.1]][action], -1, 1)
    RL.store_transition(i, state, action, float(nxt.sum() > 1.0), nxt)
    state = nxt
for step in range(7):
    print('RESULT cost', step, RL.learn(np.arange(8) + step))
q, qn = RL.sess.run([RL.q_eval, RL.q_next], {RL.s: [[.5, .5]], RL.s_: [[.5, .5]]})
print('RESULT q_eval', *q[0])
print('RESULT q_next', *qn[0])
print('RESULT action', RL.choose_action(np.array([.9, .9])))
