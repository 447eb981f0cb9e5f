"""REINFORCE and a target net in Keras 1: optimizer.get_updates(params, constraints, loss) and K.function."""
import numpy as np
from keras.models import Sequential, model_from_config
from keras.layers import Dense, Activation, Reshape, Flatten
from keras.optimizers import Adam, RMSprop, SGD
import keras.backend as K


def clone(model):
    config = {'class_name': model.__class__.__name__, 'config': model.get_config()}
    copy = model_from_config(config)
    copy.set_weights(model.get_weights())
    return copy


class Reinforce(object):
    def __init__(self, states, actions, optimizer):
        self.states, self.actions = states, actions
        self.model = Sequential()
        self.model.add(Dense(6, input_dim=states, activation='relu', init='one'))
        self.model.add(Dense(actions, activation='softmax', init='zero'))
        rng = np.random.RandomState(7)
        self.model.set_weights([rng.uniform(-.5, .5, w.shape) for w in self.model.get_weights()])
        self.train_fn = self.build(optimizer)

    def build(self, optimizer):
        action_prob_placeholder = self.model.output
        action_onehot_placeholder = K.placeholder(shape=(None, self.actions), name="action_onehot")
        discount_reward_placeholder = K.placeholder(shape=(None,), name="discount_reward")
        action_prob = K.sum(action_prob_placeholder * action_onehot_placeholder, axis=1)
        log_action_prob = K.log(action_prob)
        loss = K.mean(- log_action_prob * discount_reward_placeholder)
        updates = optimizer.get_updates(self.model.trainable_weights, [], loss)
        return K.function(inputs=[self.model.input, action_onehot_placeholder, discount_reward_placeholder],
                          outputs=[loss], updates=updates)

    def act(self, state, rng):
        p = np.squeeze(self.model.predict(np.expand_dims(state, 0)))
        return int(np.searchsorted(np.cumsum(p), rng.rand()))


def discounted(rewards, gamma=.9):
    out, r = [], 0.
    for x in rewards[::-1]:
        r = x + gamma * r
        out.insert(0, r)
    out = np.array(out)
    return (out - out.mean()) / (out.std() + 1e-8)


for name, opt in (('adam', Adam(lr=0.02)), ('rmsprop', RMSprop(0.005)), ('sgd', SGD(0.1, momentum=0.9))):
    rng = np.random.RandomState(1)
    agent = Reinforce(3, 2, opt)
    target = clone(agent.model)
    for episode in range(3):
        S, A, R = [], [], []
        s = np.array([0., 1., -1.])
        for t in range(6):
            a = min(agent.act(s, rng), 1)
            S.append(s), A.append(np.eye(2)[a]), R.append(s[0] * (1 if a else -.5) + .1 * t)
            s = np.array([s[0] + (.4 if a else -.3), np.cos(t), s[2] * .9])
        loss = agent.train_fn([np.array(S), np.array(A), discounted(R)])[0]
        print('RESULT %s%d %.6f %.6f' % (name, episode, loss, sum(R)))
        mixed = [.7 * t + .3 * w for t, w in zip(target.get_weights(), agent.model.get_weights())]
        target.set_weights(mixed)
    print('RESULT %s_target %s' % (name, target.predict(np.array([[.5, .5, .5]]))[0]))
