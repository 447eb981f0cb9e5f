# Weight decay through get_variable(regularizer=...) and the REGULARIZATION_LOSSES collection.
import numpy as np
import tensorflow as tf

BATCH_SIZE = 10
REGULARIZATION_RATE = 0.01
INPUT_NODE, LAYER1_NODE, OUTPUT_NODE = 6, 5, 3
rs = np.random.RandomState(21)


def get_weight_variable(shape, regularizer):
    weights = tf.get_variable("weights", shape, initializer=tf.constant_initializer(rs.normal(scale=0.3, size=shape)))
    if regularizer is not None:
        tf.add_to_collection('losses', regularizer(weights))
    return weights


def inference(input_tensor, regularizer):
    with tf.variable_scope('layer1'):
        weights = get_weight_variable([INPUT_NODE, LAYER1_NODE], regularizer)
        biases = tf.get_variable("biases", [LAYER1_NODE], initializer=tf.constant_initializer(0.0))
        layer1 = tf.nn.relu(tf.matmul(input_tensor, weights) + biases)
    with tf.variable_scope('layer2', regularizer=tf.contrib.layers.l1_regularizer(0.002)):
        weights = get_weight_variable([LAYER1_NODE, OUTPUT_NODE], regularizer)
        biases = tf.get_variable("biases", [OUTPUT_NODE], initializer=tf.constant_initializer(0.0), regularizer=None)
        return tf.matmul(layer1, weights) + biases


x = tf.placeholder(tf.float32, [None, INPUT_NODE], name='x-input')
y_ = tf.placeholder(tf.float32, [None, OUTPUT_NODE], name='y-input')
regularizer = tf.contrib.layers.l2_regularizer(REGULARIZATION_RATE)
y = inference(x, regularizer)
global_step = tf.Variable(0, trainable=False)

cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=y, labels=tf.argmax(y_, 1))
decay = tf.add_n(tf.get_collection('losses'))
l1 = tf.losses.get_regularization_loss()
loss = tf.reduce_mean(cross_entropy) + decay + l1
mixed = tf.contrib.layers.apply_regularization(tf.contrib.layers.l1_l2_regularizer(0.1, 0.2), tf.trainable_variables())
learning_rate = tf.train.exponential_decay(0.8, global_step, 2, 0.9)
train_step = tf.train.GradientDescentOptimizer(learning_rate).minimize(loss, global_step=global_step)

xs = rs.rand(BATCH_SIZE, INPUT_NODE)
ys = np.eye(OUTPUT_NODE)[rs.randint(0, OUTPUT_NODE, BATCH_SIZE)]
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    print("RESULT n_reg", len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)), len(tf.get_collection('losses')))
    for i in range(5):
        loss_value, d, r = sess.run([loss, decay, l1], feed_dict={x: xs, y_: ys})
        sess.run(train_step, feed_dict={x: xs, y_: ys})
        print("RESULT loss", i, loss_value, d, r)
    print("RESULT mixed", sess.run(mixed))
    print("RESULT lr", sess.run(learning_rate))
