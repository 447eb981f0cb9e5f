"""Deep deterministic policy gradient with soft target updates on recorded transitions (modules networks, replay_buffer)."""
import numpy as np
import tensorflow as tf
from networks import ActorNetwork, CriticNetwork
from replay_buffer import ReplayBuffer

GAMMA, TAU, BATCH = 0.95, 0.1, 6


def main(_):
    rng = np.random.RandomState(19)
    buffer = ReplayBuffer(50)
    state = rng.randn(3)
    for _ in range(14):
        action = rng.uniform(-2, 2)
        nxt = .9 * state + .1 * action
        buffer.add(state, action, -abs(nxt.sum()), bool(rng.rand() < .1), nxt)
        state = nxt
    with tf.Session() as sess:
        actor = ActorNetwork(sess, 3, 1, 2.0, 0.01, TAU, BATCH)
        critic = CriticNetwork(sess, 3, 1, 0.02, TAU, actor.num_trainable_vars)
        sess.run(tf.global_variables_initializer())
        for it in range(4):
            s, a, r, t, s2 = buffer.last_batch(BATCH, offset=2 * it)
            target_q = critic.predict_target(s2, actor.predict_target(s2))
            y = [r[k] if t[k] else r[k] + GAMMA * target_q[k, 0] for k in range(BATCH)]
            q, loss, _ = critic.train(s, a, np.reshape(y, (BATCH, 1)))
            a_outs = actor.predict(s)
            grads = critic.action_gradients(s, a_outs)
            actor.train(s, grads[0])
            actor.update_target_network()
            critic.update_target_network()
            print('RESULT iteration', it, loss, q.mean(), grads[0].mean())
        print('RESULT actions', *actor.predict(s).ravel())
        print('RESULT target_actions', *actor.predict_target(s).ravel())
        print('RESULT variables', actor.num_trainable_vars, len(critic.network_params))


if __name__ == '__main__':
    tf.app.run()
