"""Decays of the learning rate in eager mode."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()

step = tf.train.get_or_create_global_step()
schedules = [
    ('exponential', tf.train.exponential_decay(0.1, step, 4, 0.5)),
    ('staircase', tf.train.exponential_decay(0.1, step, decay_steps=2, decay_rate=0.9, staircase=True)),
    ('piecewise', tf.train.piecewise_constant(step, [2, 4], [0.1, 0.01, 0.001])),
    ('polynomial', tf.train.polynomial_decay(0.1, step, 6, end_learning_rate=0.01, power=2.0)),
    ('inverse', tf.train.inverse_time_decay(0.1, step, 3, 0.5)),
    ('natural', tf.train.natural_exp_decay(0.1, step, 3, 0.5)),
    ('cosine', tf.train.cosine_decay(0.1, step, 5, alpha=0.1)),
    ('noisy', tf.train.cosine_decay_restarts(0.1, step, first_decay_steps=2)),
]
for i in range(6):
    print('RESULT at', i, *['%.6f' % rate().numpy() for _, rate in schedules])
    step.assign_add(1)

step.assign(0)
w = tf.Variable([2.0, -1.0])
optimizer = tf.train.GradientDescentOptimizer(schedules[1][1])
for i in range(5):
    with tf.GradientTape() as tape:
        loss = tf.nn.l2_loss(w)
    optimizer.apply_gradients([(tape.gradient(loss, w), w)], global_step=step)
print('RESULT decayed', step.numpy(), *w.numpy())

rate = tf.Variable(0.5, trainable=False)
optimizer = tf.train.MomentumOptimizer(rate, 0.9)
for i in range(4):
    optimizer.minimize(lambda: tf.nn.l2_loss(w))
    rate.assign(rate * 0.5)
print('RESULT variable_rate', rate.numpy(), *w.numpy())
ema = tf.train.ExponentialMovingAverage(decay=0.8)
for value in (1.0, 2.0):
    w.assign([value, -value])
    ema.apply([w])
print('RESULT ema', *ema.average(w).numpy())
