"""Save during training, then restore from the latest checkpoint and go on."""
import os
import shutil
import tempfile

import numpy as np
import tensorflow as tf

model_dir = tempfile.mkdtemp()
rng = np.random.RandomState(0)
X_data = rng.rand(25, 2).astype(np.float32)
y_data = (X_data[:, :1] - 3 * X_data[:, 1:] > -1).astype(np.float32)


def logistic():
    tf.reset_default_graph()
    X = tf.placeholder(tf.float32, shape=(None, 2), name="X")
    y = tf.placeholder(tf.float32, shape=(None, 1), name="y")
    theta = tf.Variable(tf.constant([[0.2], [-0.1]]), name="theta")
    bias = tf.Variable(0.0, name="bias")
    logits = tf.matmul(X, theta, name="logits") + bias
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits), name="loss")
    global_step = tf.Variable(0, name='global_step', trainable=False)
    training_op = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=global_step)
    return X, y, theta, loss, global_step, training_op


X, y, theta, loss, global_step, training_op = logistic()
saver = tf.train.Saver(max_to_keep=2)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(6):
        sess.run(training_op, feed_dict={X: X_data, y: y_data})
        if epoch % 2 == 1:
            saver.save(sess, os.path.join(model_dir, "model"), global_step=global_step)
    print("RESULT first", sess.run(loss, {X: X_data, y: y_data}), *theta.eval().ravel())

X, y, theta, loss, global_step, training_op = logistic()
saver = tf.train.Saver()
with tf.Session() as sess:
    last = tf.train.latest_checkpoint(model_dir)
    print("RESULT latest", os.path.basename(last), len(tf.train.get_checkpoint_state(model_dir).all_model_checkpoint_paths))
    saver.restore(sess, last)
    print("RESULT step", global_step.eval())
    for _ in range(3):
        sess.run(training_op, feed_dict={X: X_data, y: y_data})
        print("RESULT resumed", sess.run(global_step), loss.eval({X: X_data, y: y_data}))
    print("RESULT theta", *theta.eval().ravel())

kept = sorted(f for f in os.listdir(model_dir) if f.endswith('.index'))
print("RESULT kept", *kept)
shutil.rmtree(model_dir)
