"""REINFORCE with a value baseline, eager execution, a toy environment in numpy."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe
from tensorflow.python import keras
from tensorflow.python.keras import layers

tf.enable_eager_execution()


class ActorCriticModel(keras.Model):
    def __init__(self, state_size, action_size):
        super(ActorCriticModel, self).__init__()
        self.dense1 = layers.Dense(5, activation='relu', kernel_initializer=tf.constant_initializer(0.3))
        self.policy_logits = layers.Dense(action_size, kernel_initializer=tf.constant_initializer(np.linspace(-.5, .5, 5 * action_size)))
        self.values = layers.Dense(1, kernel_initializer='ones')

    def call(self, inputs):
        x = self.dense1(inputs)
        return self.policy_logits(x), self.values(x)


class Memory(object):
    def __init__(self):
        self.states, self.actions, self.rewards = [], [], []

    def store(self, state, action, reward):
        self.states.append(state)
        self.actions.append(action)
        self.rewards.append(reward)


def compute_loss(model, memory, gamma=0.9):
    discounted, running = [], 0.0
    for reward in memory.rewards[::-1]:
        running = reward + gamma * running
        discounted.append(running)
    discounted.reverse()
    logits, values = model(tf.convert_to_tensor(np.vstack(memory.states), dtype=tf.float32))
    advantage = tf.convert_to_tensor(np.array(discounted)[:, None], dtype=tf.float32) - values
    value_loss = advantage ** 2
    actions_one_hot = tf.one_hot(memory.actions, 2, dtype=tf.float32)
    policy = tf.nn.softmax(logits)
    entropy = tf.reduce_sum(policy * tf.log(policy + 1e-20), axis=1)
    policy_loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=actions_one_hot, logits=logits)
    policy_loss *= tf.stop_gradient(tf.squeeze(advantage, 1))
    policy_loss -= 0.01 * entropy
    return tf.reduce_mean(0.5 * tf.squeeze(value_loss, 1) + policy_loss)


rng = np.random.RandomState(2)
model = ActorCriticModel(3, 2)
opt = tf.train.RMSPropOptimizer(1e-2, use_locking=True)
global_step = tf.train.get_or_create_global_step()
for episode in range(4):
    memory = Memory()
    state = rng.randn(3)
    for t in range(5):
        logits, _ = model(tf.convert_to_tensor(state[None, :], dtype=tf.float32))
        probs = tf.nn.softmax(logits).numpy()[0]
        action = int(np.argmax(probs + rng.uniform(0, 0.5, 2)))
        reward = float(state[0] * (1 if action else -1))
        memory.store(state, action, reward)
        state = 0.5 * state + rng.randn(3) * 0.5
    with tf.GradientTape() as tape:
        loss = compute_loss(model, memory)
    grads = tape.gradient(loss, model.trainable_weights)
    grads = [tf.clip_by_norm(g, 1.0) for g in grads]
    opt.apply_gradients(zip(grads, model.trainable_weights), global_step=global_step)
    print('RESULT episode', global_step.numpy(), loss.numpy(), sum(memory.rewards), probs[0])
print('RESULT weights', *[float(tf.reduce_sum(w)) for w in model.get_weights()])
