"""The agent with its two networks."""
from collections import deque

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, Activation
from tensorflow.keras.models import Sequential
import tensorflow.keras.backend as K


class Agent(object):
    def __init__(self, states, actions, gamma):
        self.memory = deque(maxlen=50)
        self.states, self.actions, self.gamma = states, actions, gamma
        self.model = self._build_model()
        self.target_model = self._build_model()
        self.update_target()

    def _huber(self, target, prediction):
        error = prediction - target
        return K.mean(K.sqrt(1 + K.square(error)) - 1, axis=-1)

    def _build_model(self):
        model = Sequential()
        model.add(Dense(6, input_dim=self.states, kernel_initializer=tf.constant_initializer(0.1)))
        model.add(Activation('relu'))
        model.add(Dense(self.actions, activation='linear', kernel_initializer=tf.keras.initializers.Ones()))
        model.compile(loss=self._huber, optimizer=tf.keras.optimizers.Adam(lr=0.05))
        return model

    def update_target(self):
        self.target_model.set_weights(self.model.get_weights())

    def remember(self, *step):
        self.memory.append(step)

    def act(self, state, t):
        if t % 3 == 0:
            return 1
        return int(np.argmax(self.model.predict(state)[0]))

    def q_values(self, state):
        return self.model.predict_on_batch(state)[0]

    def rate(self):
        return float(K.get_value(self.model.optimizer.lr))

    def replay(self):
        loss = 0.0
        for state, action, reward, following, done in self.memory:
            target = self.model.predict(state)
            target[0][action] = reward if done else reward + self.gamma * np.amax(self.target_model.predict(following)[0])
            loss += self.model.fit(state, target, epochs=1, verbose=0).history['loss'][0]
        return loss
