"""Schedules and summaries."""
import tensorflow as tf


def learning_rate(config, step):
    return tf.train.exponential_decay(config.lr, step, decay_steps=2, decay_rate=0.5, staircase=True)


def summarize(variables):
    return [tf.norm(v, ord=2).numpy() for v in variables] + [tf.global_norm(variables).numpy()]
