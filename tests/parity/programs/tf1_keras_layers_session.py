"""tf.keras layers used as building blocks inside a placeholder/session training loop."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(28)
init = lambda *shape: tf.constant_initializer(rng.uniform(-.4, .4, shape))

img = tf.placeholder(tf.float32, shape=(None, 9))
labels = tf.placeholder(tf.float32, shape=(None, 3))

hidden = tf.keras.layers.Dense(7, activation='relu', kernel_initializer=init(9, 7))
top = tf.keras.layers.Dense(3, kernel_initializer=init(7, 3))
x = hidden(img)
x = tf.keras.layers.Dropout(0.5)(x, training=False)
logits = top(x)
preds = tf.nn.softmax(logits)

loss = tf.reduce_mean(tf.keras.losses.categorical_crossentropy(labels, preds))
weight_penalty = tf.add_n([tf.nn.l2_loss(w) for w in hidden.trainable_weights + top.trainable_weights])
train_step = tf.train.GradientDescentOptimizer(0.3).minimize(loss + 1e-3 * weight_penalty)
acc_value = tf.reduce_mean(tf.keras.metrics.categorical_accuracy(labels, preds))

data = rng.rand(15, 9)
target = np.eye(3)[np.arange(15) % 3]
with tf.Session() as sess:
    tf.keras.backend.set_session(sess)
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        l, p = sess.run([loss, weight_penalty], feed_dict={img: data, labels: target})
        sess.run(train_step, feed_dict={img: data, labels: target})
        print('RESULT loss', i, l, p)
    print('RESULT accuracy', sess.run(acc_value, {img: data, labels: target}))
    print('RESULT weights', *[float(np.abs(w).sum()) for w in sess.run(hidden.weights)])
    print('RESULT get_weights', *top.get_weights()[1])
    print('RESULT preds', *sess.run(preds, {img: data[:1]})[0])
