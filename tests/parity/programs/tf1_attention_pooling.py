"""Additive and scaled dot-product attention written by hand over fixed encoder states."""
import numpy as np
import tensorflow as tf

HIDDEN, ATT, T, B = 6, 4, 5, 3
rng = np.random.RandomState(14)


def attention(inputs, attention_size, time_major=False, return_alphas=False):
    if time_major:
        inputs = tf.transpose(inputs, [1, 0, 2])
    hidden_size = inputs.shape[2].value
    w_omega = tf.get_variable('w_omega', initializer=tf.constant(rng.normal(0, .3, (hidden_size, attention_size)), tf.float32))
    b_omega = tf.get_variable('b_omega', [attention_size], initializer=tf.constant_initializer(.05))
    u_omega = tf.get_variable('u_omega', initializer=tf.constant(rng.normal(0, .5, attention_size), tf.float32))
    v = tf.tanh(tf.tensordot(inputs, w_omega, axes=1) + b_omega)
    vu = tf.tensordot(v, u_omega, axes=1, name='vu')
    alphas = tf.nn.softmax(vu, name='alphas')
    output = tf.reduce_sum(inputs * tf.expand_dims(alphas, -1), 1)
    return (output, alphas) if return_alphas else output


def scaled_dot_product(Q, K, V, lengths):
    d_k = Q.get_shape().as_list()[-1]
    outputs = tf.matmul(Q, tf.transpose(K, [0, 2, 1])) / (d_k ** 0.5)
    key_masks = tf.tile(tf.expand_dims(tf.sequence_mask(lengths, T), 1), [1, tf.shape(Q)[1], 1])
    paddings = tf.ones_like(outputs) * (-2 ** 32 + 1)
    outputs = tf.where(key_masks, outputs, paddings)
    weights = tf.nn.softmax(outputs)
    return tf.matmul(weights, V), weights


def normalize(inputs, epsilon=1e-8):
    params_shape = inputs.get_shape()[-1:]
    mean, variance = tf.nn.moments(inputs, [-1], keep_dims=True)
    beta = tf.Variable(tf.zeros(params_shape))
    gamma = tf.Variable(tf.ones(params_shape))
    return gamma * (inputs - mean) / ((variance + epsilon) ** .5) + beta


x = tf.placeholder(tf.float32, [B, T, HIDDEN])
lengths = tf.placeholder(tf.int32, [B])
y = tf.placeholder(tf.float32, [B])
with tf.variable_scope('attention'):
    context, alphas = attention(x, ATT, return_alphas=True)
heads = tf.concat(tf.split(x, 2, axis=2), axis=0)
mha, weights = scaled_dot_product(heads, heads, heads, tf.tile(lengths, [2]))
mha = tf.concat(tf.split(mha, 2, axis=0), axis=2)
encoded = normalize(mha + x)
score = tf.reduce_sum(context, 1) + tf.reduce_mean(encoded[:, 0, :3], 1)
loss = tf.reduce_mean(tf.abs(score - y))
train_op = tf.train.GradientDescentOptimizer(0.3).minimize(loss)

feed = {x: rng.randn(B, T, HIDDEN), lengths: [5, 3, 2], y: [1., -1., .5]}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(4):
        print('RESULT loss', sess.run(loss, feed))
        sess.run(train_op, feed)
    a, w, e = sess.run([alphas, weights, encoded], feed)
    print('RESULT alphas', *a[0])
    print('RESULT weights', *w[1, 0])
    print('RESULT encoded', *e[2, 1])
    print('RESULT score', *sess.run(score, feed))
