"""DQN on a chain, tf.keras models, no session anywhere."""
import numpy as np
import tensorflow as tf

from agent import Agent
from chain import Chain

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_integer('episodes', 3, 'How many.')
flags.DEFINE_float('gamma', 0.8, 'Discount.')


def main(unused_argv):
    env = Chain(5)
    agent = Agent(5, 2, FLAGS.gamma)
    for episode in range(FLAGS.episodes):
        state, total, done = env.reset(), 0.0, False
        for t in range(8):
            action = agent.act(state, episode + t)
            following, reward, done = env.step(action)
            agent.remember(state, action, reward, following, done)
            state, total = following, total + reward
            if done:
                break
        print('RESULT episode', episode, total, agent.replay())
        agent.update_target()
    print('RESULT q', *agent.q_values(env.reset()))
    print('RESULT rate', agent.rate())


if __name__ == '__main__':
    tf.app.run()
