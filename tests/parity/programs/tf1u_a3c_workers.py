"""A3C in small: a global net, workers that push their gradients to it and pull its weights, a coordinator's threads."""
import threading

import numpy as np
import tensorflow as tf

N_S, N_A = 3, 2
GLOBAL_NET_SCOPE = 'Global_Net'
ENTROPY_BETA = 0.01
rng = np.random.RandomState(2)
INIT = {'la': rng.randn(N_S, 5) * .3, 'ap': rng.randn(5, N_A) * .3, 'lc': rng.randn(N_S, 4) * .3, 'v': rng.randn(4, 1) * .3}


def dense(net, units, act, name):
    return tf.layers.dense(net, units, act, kernel_initializer=tf.constant_initializer(INIT[name]),
                           bias_initializer=tf.constant_initializer(0.05), name=name)


class ACNet(object):
    def __init__(self, scope, globalAC=None):
        if scope == GLOBAL_NET_SCOPE:
            with tf.variable_scope(scope):
                self.s = tf.placeholder(tf.float32, [None, N_S], 'S')
                self.a_params, self.c_params = self._build_net(scope)[-2:]
        else:
            with tf.variable_scope(scope):
                self.s = tf.placeholder(tf.float32, [None, N_S], 'S')
                self.a_his = tf.placeholder(tf.int32, [None, ], 'A')
                self.v_target = tf.placeholder(tf.float32, [None, 1], 'Vtarget')
                self.a_prob, self.v, self.a_params, self.c_params = self._build_net(scope)
                td = tf.subtract(self.v_target, self.v, name='TD_error')
                with tf.name_scope('c_loss'):
                    self.c_loss = tf.reduce_mean(tf.square(td))
                with tf.name_scope('a_loss'):
                    log_prob = tf.reduce_sum(tf.log(self.a_prob + 1e-5) * tf.one_hot(self.a_his, N_A, dtype=tf.float32),
                                             axis=1, keep_dims=True)
                    exp_v = log_prob * tf.stop_gradient(td)
                    entropy = -tf.reduce_sum(self.a_prob * tf.log(self.a_prob + 1e-5), axis=1, keep_dims=True)
                    self.a_loss = tf.reduce_mean(-(ENTROPY_BETA * entropy + exp_v))
                with tf.name_scope('local_grad'):
                    self.a_grads = tf.gradients(self.a_loss, self.a_params)
                    self.c_grads, self.norm = tf.clip_by_global_norm(tf.gradients(self.c_loss, self.c_params), 0.5)
            with tf.name_scope('sync'):
                with tf.name_scope('pull'):
                    self.pull_a_params_op = [l_p.assign(g_p) for l_p, g_p in zip(self.a_params, globalAC.a_params)]
                    self.pull_c_params_op = [l_p.assign(g_p) for l_p, g_p in zip(self.c_params, globalAC.c_params)]
                with tf.name_scope('push'):
                    self.update_a_op = OPT_A.apply_gradients(zip(self.a_grads, globalAC.a_params))
                    self.update_c_op = OPT_C.apply_gradients(zip(self.c_grads, globalAC.c_params))

    def _build_net(self, scope):
        with tf.variable_scope('actor'):
            l_a = dense(self.s, 5, tf.nn.relu6, 'la')
            a_prob = dense(l_a, N_A, tf.nn.softmax, 'ap')
        with tf.variable_scope('critic'):
            l_c = dense(self.s, 4, tf.nn.relu6, 'lc')
            v = dense(l_c, 1, None, 'v')
        a_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope + '/actor')
        c_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope + '/critic')
        return a_prob, v, a_params, c_params

    def update_global(self, feed_dict):
        return SESS.run([self.a_loss, self.c_loss, self.norm, self.update_a_op, self.update_c_op], feed_dict)[:3]

    def pull_global(self):
        SESS.run([self.pull_a_params_op, self.pull_c_params_op])


class Worker(object):
    def __init__(self, name, globalAC):
        self.name = name
        self.AC = ACNet(name, globalAC)
        self.draws = np.random.RandomState(31)

    def work(self):
        global GLOBAL_EP
        while not COORD.should_stop() and GLOBAL_EP < 4:
            s = self.draws.randn(6, N_S)
            a = self.draws.randint(0, N_A, 6)
            v_s_ = SESS.run(self.AC.v, {self.AC.s: s[-1][np.newaxis, :]})[0, 0]
            target = []
            for r in self.draws.rand(6)[::-1]:
                v_s_ = r + 0.9 * v_s_
                target.append(v_s_)
            target.reverse()
            log.append(self.AC.update_global({self.AC.s: s, self.AC.a_his: a, self.AC.v_target: np.vstack(target)}))
            self.AC.pull_global()
            GLOBAL_EP += 1


if __name__ == '__main__':
    GLOBAL_EP, log = 0, []
    SESS = tf.Session()
    with tf.device('/cpu:0'):
        OPT_A = tf.train.RMSPropOptimizer(0.01, name='RMSPropA')
        OPT_C = tf.train.RMSPropOptimizer(0.02, decay=0.8, momentum=0.1, epsilon=1e-6, name='RMSPropC')
        GLOBAL_AC = ACNet(GLOBAL_NET_SCOPE)
        workers = [Worker('W_%i' % i, GLOBAL_AC) for i in range(2)]
    COORD = tf.train.Coordinator()
    SESS.run(tf.global_variables_initializer())
    for worker in workers[:1]:
        t = threading.Thread(target=lambda: worker.work())
        t.start()
        COORD.join([t])
    for losses in log:
        print('RESULT losses', *losses)
    print('RESULT global', *[float(np.abs(p).sum()) for p in SESS.run(GLOBAL_AC.a_params + GLOBAL_AC.c_params)])
    print('RESULT worker', *[float(np.abs(p).sum()) for p in SESS.run(workers[1].AC.a_params)])
    print('RESULT slots', len(tf.global_variables()), *sorted(OPT_C.get_slot_names()))
    print('RESULT names', *[v.name for v in tf.trainable_variables()][:4])
