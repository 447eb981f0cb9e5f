# Deep Q-learning agent with experience replay and target network (toy corridor environment)
import random
from collections import deque
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam

EPISODES = 3


class Corridor:
    """walk right to get the reward, state = (position, velocity, time)"""

    def reset(self):
        self.x, self.v, self.t = 0., 0., 0
        return np.array([self.x, self.v, 0.])

    def step(self, action):
        self.v = .8 * self.v + (.1 if action == 1 else -.1)
        self.x += self.v
        self.t += 1
        done = self.t >= 12 or abs(self.x) > 1.
        return np.array([self.x, self.v, self.t / 12.]), self.x, done, {}


class DQNAgent:
    def __init__(self, state_size, action_size):
        self.state_size, self.action_size = state_size, action_size
        self.memory = deque(maxlen=2000)
        self.gamma = 0.95    # discount rate
        self.epsilon = 1.0  # exploration rate
        self.epsilon_min = 0.01
        self.epsilon_decay = 0.9
        self.learning_rate = 0.01
        self.model = self._build_model()
        self.target_model = self._build_model()
        self.update_target_model()

    def _build_model(self):
        model = Sequential()
        model.add(Dense(10, input_dim=self.state_size, activation='relu', kernel_initializer='ones'))
        model.add(Dense(10, activation='relu'))
        model.add(Dense(self.action_size, activation='linear'))
        model.compile(loss='mse', optimizer=Adam(lr=self.learning_rate, decay=0.001))
        rs = np.random.RandomState(3)
        model.layers[1].set_weights([rs.randn(10, 10) * .2, np.zeros(10)])
        model.layers[2].set_weights([rs.randn(10, self.action_size) * .2, np.zeros(self.action_size)])
        return model

    def update_target_model(self):
        self.target_model.set_weights(self.model.get_weights())

    def memorize(self, *transition):
        self.memory.append(transition)

    def act(self, state):
        if np.random.rand() <= self.epsilon:
            return np.random.randint(self.action_size)
        return np.argmax(self.model.predict(state)[0])

    def replay(self, batch_size):
        for state, action, reward, next_state, done in random.sample(self.memory, batch_size):
            target = self.model.predict(state)
            target[0][action] = reward
            if not done:
                target[0][action] += self.gamma * np.amax(self.target_model.predict(next_state)[0])
            history = self.model.fit(state, target, epochs=1, verbose=0)
        if self.epsilon > self.epsilon_min:
            self.epsilon *= self.epsilon_decay
        return history.history['loss'][0]


if __name__ == "__main__":
    random.seed(1)
    np.random.seed(1)
    env, agent = Corridor(), DQNAgent(3, 2)
    for e in range(EPISODES):
        state, total, loss, done = env.reset().reshape(1, 3), 0., 0., False
        while not done:
            action = agent.act(state)
            next_state, reward, done, _ = env.step(action)
            next_state = np.reshape(next_state, [1, 3])
            agent.memorize(state, action, reward, next_state, done)
            state, total = next_state, total + reward
            if len(agent.memory) > 6:
                loss = agent.replay(3)
        agent.update_target_model()
        print('RESULT episode', e, total, agent.epsilon, loss)
    print('RESULT q', *agent.model.predict(np.array([[0., 0., 0.], [.5, .1, .5]])).ravel())
