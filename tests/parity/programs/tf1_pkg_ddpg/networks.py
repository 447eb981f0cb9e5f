import numpy as np
import tensorflow as tf


def _init(shape, scale=0.3):
    return tf.constant_initializer(np.random.RandomState(shape[0] * 10 + shape[1]).uniform(-scale, scale, shape))


class ActorNetwork(object):
    def __init__(self, sess, state_dim, action_dim, action_bound, learning_rate, tau, batch_size):
        self.sess = sess
        self.s_dim, self.a_dim, self.action_bound = state_dim, action_dim, action_bound
        self.inputs, self.out, self.scaled_out = self.create_actor_network('actor')
        self.network_params = tf.trainable_variables()
        self.target_inputs, self.target_out, self.target_scaled_out = self.create_actor_network('target_actor')
        self.target_network_params = tf.trainable_variables()[len(self.network_params):]
        self.update_target_network_params = [
            self.target_network_params[i].assign(tf.multiply(self.network_params[i], tau) + tf.multiply(self.target_network_params[i], 1. - tau))
            for i in range(len(self.target_network_params))]
        self.action_gradient = tf.placeholder(tf.float32, [None, self.a_dim])
        self.unnormalized_actor_gradients = tf.gradients(self.scaled_out, self.network_params, -self.action_gradient)
        self.actor_gradients = list(map(lambda x: tf.div(x, batch_size), self.unnormalized_actor_gradients))
        self.optimize = tf.train.AdamOptimizer(learning_rate).apply_gradients(zip(self.actor_gradients, self.network_params))
        self.num_trainable_vars = len(self.network_params) + len(self.target_network_params)

    def create_actor_network(self, scope):
        with tf.variable_scope(scope):
            inputs = tf.placeholder(tf.float32, [None, self.s_dim])
            net = tf.contrib.layers.fully_connected(inputs, 6, weights_initializer=_init([self.s_dim, 6]))
            out = tf.contrib.layers.fully_connected(net, self.a_dim, activation_fn=tf.tanh, weights_initializer=_init([6, self.a_dim]))
            return inputs, out, tf.multiply(out, self.action_bound)

    def train(self, inputs, a_gradient):
        self.sess.run(self.optimize, feed_dict={self.inputs: inputs, self.action_gradient: a_gradient})

    def predict(self, inputs):
        return self.sess.run(self.scaled_out, feed_dict={self.inputs: inputs})

    def predict_target(self, inputs):
        return self.sess.run(self.target_scaled_out, feed_dict={self.target_inputs: inputs})

    def update_target_network(self):
        self.sess.run(self.update_target_network_params)


class CriticNetwork(object):
    def __init__(self, sess, state_dim, action_dim, learning_rate, tau, num_actor_vars):
        self.sess, self.s_dim, self.a_dim = sess, state_dim, action_dim
        self.inputs, self.action, self.out = self.create_critic_network('critic')
        self.network_params = tf.trainable_variables()[num_actor_vars:]
        self.target_inputs, self.target_action, self.target_out = self.create_critic_network('target_critic')
        self.target_network_params = tf.trainable_variables()[(len(self.network_params) + num_actor_vars):]
        self.update_target_network_params = [t.assign(p * tau + t * (1. - tau)) for t, p in zip(self.target_network_params, self.network_params)]
        self.predicted_q_value = tf.placeholder(tf.float32, [None, 1])
        self.loss = tf.reduce_mean(tf.square(self.predicted_q_value - self.out))
        self.optimize = tf.train.AdamOptimizer(learning_rate).minimize(self.loss)
        self.action_grads = tf.gradients(self.out, self.action)

    def create_critic_network(self, scope):
        with tf.variable_scope(scope):
            inputs = tf.placeholder(tf.float32, [None, self.s_dim])
            action = tf.placeholder(tf.float32, [None, self.a_dim])
            net = tf.layers.dense(inputs, 6, tf.nn.relu, kernel_initializer=_init([self.s_dim, 6]), name='s1')
            t2 = tf.layers.dense(action, 6, use_bias=False, kernel_initializer=_init([self.a_dim, 6]), name='a1')
            net = tf.nn.relu(net + t2)
            out = tf.layers.dense(net, 1, kernel_initializer=_init([6, 1]), name='q')
            return inputs, action, out

    def train(self, inputs, action, predicted_q_value):
        return self.sess.run([self.out, self.loss, self.optimize],
                             feed_dict={self.inputs: inputs, self.action: action, self.predicted_q_value: predicted_q_value})

    def predict_target(self, inputs, action):
        return self.sess.run(self.target_out, feed_dict={self.target_inputs: inputs, self.target_action: action})

    def action_gradients(self, inputs, actions):
        return self.sess.run(self.action_grads, feed_dict={self.inputs: inputs, self.action: actions})

    def update_target_network(self):
        self.sess.run(self.update_target_network_params)
