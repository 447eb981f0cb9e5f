"""Advantage actor-critic: both networks trained by K.function with the optimizer's get_updates."""
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import Adam
from keras import backend as K


class Corridor:
    """One-dimensional walk: right is good."""

    def __init__(self):
        self.rng = np.random.RandomState(0)

    def reset(self):
        self.x = 0.
        self.t = 0
        return self.state()

    def state(self):
        return np.array([self.x, self.t / 10., np.sin(self.x), 1.])

    def step(self, action):
        self.x += (0.3, -0.2, 0.05)[action]
        self.t += 1
        return self.state(), self.x - 0.1 * action, self.t >= 8


class A2CAgent:
    def __init__(self, state_size, action_size):
        self.state_size, self.action_size = state_size, action_size
        self.discount_factor = 0.95
        self.actor, self.critic = self.build_model()
        self.optimizer = [self.actor_optimizer(), self.critic_optimizer()]

    def build_model(self):
        state = Input(batch_shape=(None, self.state_size))
        shared = Dense(8, input_dim=self.state_size, activation='relu', kernel_initializer='ones')(state)
        shared._uses_learning_phase = False
        actor_hidden = Dense(6, activation='tanh', kernel_initializer='ones')(shared)
        action_prob = Dense(self.action_size, activation='softmax', kernel_initializer='zeros')(actor_hidden)
        value_hidden = Dense(6, activation='tanh', kernel_initializer='ones')(shared)
        state_value = Dense(1, activation='linear', kernel_initializer='zeros')(value_hidden)
        actor = Model(inputs=state, outputs=action_prob)
        critic = Model(inputs=state, outputs=state_value)
        rng = np.random.RandomState(17)
        for m in (actor, critic):
            m._make_predict_function()
            m.set_weights([rng.normal(0, .3, w.shape) for w in m.get_weights()])
        return actor, critic

    def actor_optimizer(self):
        action = K.placeholder(shape=[None, self.action_size])
        advantages = K.placeholder(shape=[None, ])
        policy = self.actor.output
        good_prob = K.sum(action * policy, axis=1)
        eligibility = K.log(good_prob + 1e-10) * K.stop_gradient(advantages)
        loss = -K.sum(eligibility)
        entropy = K.sum(policy * K.log(policy + 1e-10), axis=1)
        entropy = K.sum(entropy)
        actor_loss = loss + 0.01 * entropy
        optimizer = Adam(lr=0.01)
        updates = optimizer.get_updates(self.actor.trainable_weights, [], actor_loss)
        return K.function([self.actor.input, action, advantages], [actor_loss], updates=updates)

    def critic_optimizer(self):
        discounted_reward = K.placeholder(shape=(None, ))
        value = self.critic.output
        loss = K.mean(K.square(discounted_reward - value[:, 0]))
        optimizer = Adam(lr=0.02)
        updates = optimizer.get_updates(params=self.critic.trainable_weights, loss=loss)
        return K.function([self.critic.input, discounted_reward], [loss], updates=updates)

    def discount_rewards(self, rewards):
        out, running = np.zeros_like(rewards), 0
        for t in reversed(range(len(rewards))):
            running = running * self.discount_factor + rewards[t]
            out[t] = running
        return out

    def train_episode(self, states, actions, rewards):
        discounted = self.discount_rewards(rewards)
        values = self.critic.predict(states)
        values = np.reshape(values, len(values))
        advantages = discounted - values
        a = self.optimizer[0]([states, actions, advantages])[0]
        c = self.optimizer[1]([states, discounted])[0]
        return a, c


env = Corridor()
agent = A2CAgent(4, 3)
for e in range(4):
    state, done = env.reset(), False
    S, A, R = [], [], []
    while not done:
        policy = agent.actor.predict(state.reshape(1, 4), batch_size=1).flatten()
        action = int(np.argmax(policy + 0.3 * env.rng.rand(3)))
        nxt, r, done = env.step(action)
        S.append(state), A.append(np.eye(3)[action]), R.append(r)
        state = nxt
    losses = agent.train_episode(np.array(S), np.array(A), np.array(R))
    print('RESULT episode%d' % e, *losses)
    print('RESULT reward%d' % e, sum(R))
print('RESULT policy', *agent.actor.predict(env.reset().reshape(1, 4))[0])
print('RESULT value', *agent.critic.predict(np.array([[1., .5, .8, 1.]]))[0])
