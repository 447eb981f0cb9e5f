"""Deep Q-learning on a corridor, memory replay with predict and fit per step."""
import random
from collections import deque

import numpy as np
from keras.layers import Dense, Lambda, Input, Add
from keras.models import Model, Sequential
from keras.optimizers import Adam
import keras.backend as K


class Corridor:
    """positions 0..5, goal at 5, actions left/right"""
    def reset(self):
        self.pos, self.t = 2, 0
        return self.state()

    def state(self):
        return np.array([[self.pos / 5., self.t / 12., np.sin(self.pos)]])

    def step(self, action):
        self.pos = max(0, self.pos + (1 if action == 1 else -1))
        self.t += 1
        done = self.pos == 5 or self.t >= 12
        return self.state(), (1. if self.pos == 5 else -.05), done


class DQNAgent:
    def __init__(self, state_size, action_size, dueling=False):
        self.state_size = state_size
        self.action_size = action_size
        self.memory = deque(maxlen=200)
        self.gamma = 0.95
        self.epsilon = 1.0
        self.epsilon_min = 0.01
        self.epsilon_decay = 0.9
        self.learning_rate = 0.01
        self.rng = random.Random(7)
        self.model = self._build_model(dueling)
        self.target_model = self._build_model(dueling)
        r = np.random.RandomState(6)
        self.model.set_weights([r.uniform(-.5, .5, w.shape) for w in self.model.get_weights()])
        self.update_target_model()

    def _huber_loss(self, target, prediction):
        error = prediction - target
        return K.mean(K.sqrt(1 + K.square(error)) - 1, axis=-1)

    def _build_model(self, dueling):
        if dueling:
            state = Input(shape=(self.state_size,))
            h = Dense(8, activation='relu')(state)
            value = Lambda(lambda s: K.expand_dims(s[:, 0], axis=-1), output_shape=(self.action_size,))(Dense(1)(h))
            advantage = Lambda(lambda a: a[:, :] - K.mean(a[:, :], axis=1, keepdims=True),
                               output_shape=(self.action_size,))(Dense(self.action_size)(h))
            model = Model(state, Add()([value, advantage]))
        else:
            model = Sequential()
            model.add(Dense(8, input_dim=self.state_size, activation='relu'))
            model.add(Dense(self.action_size, activation='linear'))
        model.compile(loss=self._huber_loss, optimizer=Adam(lr=self.learning_rate))
        return model

    def update_target_model(self):
        self.target_model.set_weights(self.model.get_weights())

    def act(self, state):
        if self.rng.random() <= self.epsilon:
            return self.rng.randrange(self.action_size)
        return int(np.argmax(self.model.predict(state)[0]))

    def replay(self, batch_size):
        losses = []
        for state, action, reward, next_state, done in self.rng.sample(list(self.memory), batch_size):
            target = self.model.predict(state)
            if done:
                target[0][action] = reward
            else:
                a = self.model.predict(next_state)[0]
                t = self.target_model.predict(next_state)[0]
                target[0][action] = reward + self.gamma * t[np.argmax(a)]
            losses.append(self.model.fit(state, target, epochs=1, verbose=0).history['loss'][0])
        self.epsilon = max(self.epsilon_min, self.epsilon * self.epsilon_decay)
        return np.mean(losses)


if __name__ == "__main__":
    for dueling in (False, True):
        env, agent = Corridor(), DQNAgent(3, 2, dueling)
        for e in range(3):
            state, done = env.reset(), False
            while not done:
                action = agent.act(state)
                next_state, reward, done = env.step(action)
                agent.memory.append((state, action, reward, next_state, done))
                state = next_state
            print('RESULT dueling%d_episode%d' % (dueling, e), env.t, agent.replay(5), agent.epsilon)
            agent.update_target_model()
        print('RESULT dueling%d_q' % dueling, *agent.model.predict(env.reset())[0])
