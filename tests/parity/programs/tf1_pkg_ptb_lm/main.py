"""Word language model with train and test graphs sharing variables (config classes, learning rate decay, perplexity)."""
from __future__ import print_function
import numpy as np
import tensorflow as tf
import reader
from ptb_model import PTBModel


class SmallConfig(object):
    learning_rate = 0.5
    max_grad_norm = 5
    num_layers = 2
    num_steps = 4
    hidden_size = 6
    max_epoch = 1
    max_max_epoch = 3
    keep_prob = 1.0
    lr_decay = 0.5
    batch_size = 2
    vocab_size = None


def initializer(shape, dtype=tf.float32, partition_info=None):
    size = int(np.prod(shape))
    return tf.constant(np.random.RandomState(size).uniform(-0.3, 0.3, size).reshape(shape), dtype=dtype)


def run_epoch(session, m, data, eval_op):
    costs, iters = 0.0, 0
    state = session.run(m.initial_state)
    for x, y in reader.producer(data, m.batch_size, m.num_steps):
        feed_dict = {m.input_data: x, m.targets: y}
        for i, (c, h) in enumerate(m.initial_state):
            feed_dict[c] = state[i].c
            feed_dict[h] = state[i].h
        cost, state, _ = session.run([m.cost, m.final_state, eval_op], feed_dict)
        costs += cost
        iters += m.num_steps
    return np.exp(costs / iters), state


def main(_):
    data, vocab_size = reader.raw_data()
    config, eval_config = SmallConfig(), SmallConfig()
    config.vocab_size = eval_config.vocab_size = vocab_size
    eval_config.batch_size = eval_config.num_steps = 1
    with tf.Graph().as_default(), tf.Session() as session:
        with tf.variable_scope("model", reuse=None, initializer=initializer):
            m = PTBModel(is_training=True, config=config)
        with tf.variable_scope("model", reuse=True, initializer=initializer):
            mtest = PTBModel(is_training=False, config=eval_config)
        tf.global_variables_initializer().run()
        for i in range(config.max_max_epoch):
            lr_decay = config.lr_decay ** max(i - config.max_epoch, 0.0)
            m.assign_lr(session, config.learning_rate * lr_decay)
            perplexity, state = run_epoch(session, m, data, m.train_op)
            print("RESULT epoch", i + 1, session.run(m.lr), perplexity)
        test_perplexity, state = run_epoch(session, mtest, data[:12], tf.no_op())
        print("RESULT test", test_perplexity)
        print("RESULT state", *state[1].h[0])
        print("RESULT variables", len(tf.trainable_variables()), vocab_size, len(data))


if __name__ == "__main__":
    tf.app.run()
