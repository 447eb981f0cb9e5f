"""Seeded random numbers in eager mode: initial weights, noise, shuffles."""
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
tf.set_random_seed(1234)
np.random.seed(1)


def weight_variable(shape, stddev=0.1):
    return tf.Variable(tf.truncated_normal(shape, stddev=stddev), name='weights')


w = weight_variable([3, 2])
print('RESULT truncated', *w.numpy().ravel())
print('RESULT uniform', *tf.random_uniform([3], -1, 1).numpy(), *tf.random_uniform([2], maxval=10, dtype=tf.int32).numpy())
print('RESULT normal', *tf.random_normal([3], mean=1.0, stddev=2.0).numpy())
print('RESULT seeded', *tf.random_normal([2], seed=7).numpy())
print('RESULT shuffled', *tf.random_shuffle(tf.range(6)).numpy())
print('RESULT multinomial', *tf.multinomial(tf.log([[0.2, 0.3, 0.5]]), 6).numpy().ravel())
print('RESULT gamma', *tf.random_gamma([2], 2.0).numpy(), *tf.random_poisson(3.0, [2]).numpy())
print('RESULT dropped', *tf.nn.dropout(tf.ones([8]), keep_prob=0.5).numpy())
print('RESULT crop', *tf.random_crop(tf.reshape(tf.range(9), [3, 3]), [2, 2]).numpy().ravel())
init = tf.random_normal_initializer(stddev=0.05)
print('RESULT initializer', *np.ravel(init([2, 2]).numpy()))
print('RESULT orthogonal', float(np.abs(tf.orthogonal_initializer()([3, 3]).numpy()).max() <= 1.0))
glorot = tf.contrib.layers.xavier_initializer()
print('RESULT xavier', bool(np.all(np.abs(glorot([4, 5]).numpy()) < np.sqrt(6.0 / 9))))
print('RESULT he', tf.contrib.layers.variance_scaling_initializer()([3, 2]).shape.as_list())
flipped = [float(tf.reduce_sum(tf.image.random_flip_left_right(tf.reshape(tf.range(4.), [1, 2, 2])))) for _ in range(2)]
print('RESULT flips', *flipped)
tf.set_random_seed(5)
first = tf.random_uniform([2]).numpy()
tf.set_random_seed(5)
print('RESULT again', *(first - tf.random_uniform([2]).numpy()), tf.get_seed(3)[0])
