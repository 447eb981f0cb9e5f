"""Row-by-row sequence classification with BasicLSTMCell and dynamic_rnn."""
import numpy as np
import tensorflow as tf

# hyperparameters
lr = 0.01
n_inputs = 4
n_steps = 5
n_hidden_units = 6
n_classes = 3
batch_size = 8

rng = np.random.RandomState(1)
x = tf.placeholder(tf.float32, [None, n_steps, n_inputs])
y = tf.placeholder(tf.float32, [None, n_classes])

weights = {
    'in': tf.Variable(rng.normal(0, .3, (n_inputs, n_hidden_units)).astype('float32')),
    'out': tf.Variable(rng.normal(0, .3, (n_hidden_units, n_classes)).astype('float32'))
}
biases = {
    'in': tf.Variable(tf.constant(0.1, shape=[n_hidden_units])),
    'out': tf.Variable(tf.constant(0.1, shape=[n_classes]))
}


def RNN(X, weights, biases):
    X = tf.reshape(X, [-1, n_inputs])
    X_in = tf.matmul(X, weights['in']) + biases['in']
    X_in = tf.reshape(X_in, [-1, n_steps, n_hidden_units])
    lstm_cell = tf.nn.rnn_cell.BasicLSTMCell(n_hidden_units, forget_bias=1.0, state_is_tuple=True)
    init_state = lstm_cell.zero_state(batch_size, dtype=tf.float32)
    kernel = rng.uniform(-.4, .4, (2 * n_hidden_units, 4 * n_hidden_units))
    with tf.variable_scope('rnn_layer', initializer=tf.constant_initializer(kernel)):
        outputs, final_state = tf.nn.dynamic_rnn(lstm_cell, X_in, initial_state=init_state, time_major=False)
    outputs = tf.unstack(tf.transpose(outputs, [1, 0, 2]))
    results = tf.matmul(outputs[-1], weights['out']) + biases['out']
    return results, final_state


pred, final_state = RNN(x, weights, biases)
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=pred, labels=y))
train_op = tf.train.AdamOptimizer(lr).minimize(cost)

batch_xs = rng.rand(batch_size, n_steps, n_inputs)
batch_ys = np.eye(n_classes)[rng.randint(0, n_classes, batch_size)]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(5):
        c, _ = sess.run([cost, train_op], feed_dict={x: batch_xs, y: batch_ys})
        print('RESULT cost', step, c)
    state, p = sess.run([final_state, pred], {x: batch_xs})
    print('RESULT c0', *state.c[0])
    print('RESULT h0', *state[1][0])
    print('RESULT pred0', *p[0])
