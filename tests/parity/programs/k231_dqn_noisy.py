"""Double dueling DQN with a noisy dense layer (noise off when testing), prioritized weights through sample_weight, soft updates."""
from collections import deque
import random
import numpy as np
import keras.backend as K
from keras import initializers
from keras.layers import Add, Dense, Flatten, Input, Lambda, Layer
from keras.models import Model, clone_model
from keras.optimizers import RMSprop


class NoisyDense(Layer):
    def __init__(self, units, sigma_init=0.02, activation=None, **kwargs):
        super(NoisyDense, self).__init__(**kwargs)
        self.units = units
        self.sigma_init = sigma_init
        self.activation = activation

    def build(self, input_shape):
        self.input_dim = input_shape[-1]
        self.kernel = self.add_weight('kernel', (self.input_dim, self.units), initializer='glorot_uniform')
        self.bias = self.add_weight('bias', (self.units,), initializer='zeros')
        self.sigma = self.add_weight('sigma', (self.units,), initializer=initializers.Constant(self.sigma_init), trainable=False)
        super(NoisyDense, self).build(input_shape)

    def call(self, x, training=None):
        clean = K.dot(x, self.kernel) + self.bias
        noisy = clean + self.sigma * K.random_normal(K.shape(clean))
        out = K.in_train_phase(clean + 0. * noisy, clean, training=training)
        return K.relu(out) if self.activation == 'relu' else out

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        c = super(NoisyDense, self).get_config()
        c.update(units=self.units, sigma_init=self.sigma_init, activation=self.activation)
        return c


def huber(y, q):
    err = K.abs(y - q)
    quadratic = K.clip(err, 0., 1.)
    return K.mean(.5 * K.square(quadratic) + (err - quadratic), axis=-1)


class Agent:
    def __init__(self, n_state, n_action):
        self.memory = deque(maxlen=50)
        self.gamma, self.tau = .9, .25
        self.n_action = n_action
        state = Input(shape=(1, n_state))
        x = Flatten()(state)
        x = NoisyDense(8, activation='relu')(x)
        value = NoisyDense(1)(x)
        value = Lambda(lambda s: K.expand_dims(s[:, 0], -1), output_shape=(n_action,))(value)
        adv = NoisyDense(n_action)(x)
        adv = Lambda(lambda a: a[:, :] - K.mean(a[:, :], keepdims=True), output_shape=(n_action,))(adv)
        q = Add()([value, adv])
        self.model = Model(state, q)
        r = np.random.RandomState(3)
        self.model.set_weights([r.uniform(-.5, .5, w.shape) for w in self.model.get_weights()])
        self.model.compile(loss=huber, optimizer=RMSprop(lr=0.005, epsilon=0.01, clipvalue=1.))
        self.target = clone_model(self.model)
        self.target.set_weights(self.model.get_weights())

    def remember(self, *transition):
        self.memory.append(transition)

    def replay(self, size, rng):
        batch = [self.memory[i] for i in rng.choice(len(self.memory), size)]
        s, a, r, s2, done = [np.array(v) for v in zip(*batch)]
        q = self.model.predict_on_batch(s)
        best = np.argmax(self.model.predict_on_batch(s2), axis=1)
        nxt = self.target.predict_on_batch(s2)
        for i in range(size):
            q[i, a[i]] = r[i] if done[i] else r[i] + self.gamma * nxt[i, best[i]]
        priorities = 1. / (1. + np.abs(r))
        loss = self.model.train_on_batch(s, q, sample_weight=priorities)
        self.target.set_weights([self.tau * w + (1 - self.tau) * t for w, t in zip(self.model.get_weights(), self.target.get_weights())])
        return loss


rng = np.random.RandomState(0)
agent = Agent(3, 2)
for t in range(30):
    s, s2 = rng.randn(1, 3), rng.randn(1, 3)
    a = int(np.argmax(agent.model.predict(s[np.newaxis])[0]))
    agent.remember(s, a, float(s[0, a]), s2, t % 7 == 0)
    if t >= 10 and t % 4 == 0:
        print('RESULT loss%d' % t, agent.replay(8, rng))
print('RESULT q', *agent.model.predict(np.ones((1, 1, 3)))[0], *agent.target.predict(np.ones((1, 1, 3)))[0])
print('RESULT counts', len(agent.model.trainable_weights), len(agent.model.non_trainable_weights))
