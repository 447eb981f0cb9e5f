"""Streaming evaluation with tf.metrics and local variables."""
import numpy as np
import tensorflow as tf

labels = tf.placeholder(tf.int64, [None])
probs = tf.placeholder(tf.float32, [None, 3])
predictions = tf.argmax(probs, axis=1)
binary_label = tf.equal(labels, 1)
binary_pred = tf.equal(predictions, 1)

metrics = {
    'accuracy': tf.metrics.accuracy(labels, predictions),
    'precision': tf.metrics.precision(binary_label, binary_pred),
    'recall': tf.metrics.recall(binary_label, binary_pred),
    'auc': tf.metrics.auc(binary_label, probs[:, 1]),
    'mean_prob': tf.metrics.mean(probs),
    'mse': tf.metrics.mean_squared_error(tf.one_hot(labels, 3), probs),
    'rmse': tf.metrics.root_mean_squared_error(tf.one_hot(labels, 3), probs),
    'mean_class_acc': tf.metrics.mean_per_class_accuracy(labels, predictions, 3),
    'iou': tf.metrics.mean_iou(labels, predictions, num_classes=3),
    'false_pos': tf.metrics.false_positives(binary_label, binary_pred),
}
values = {k: v[0] for k, v in metrics.items()}
updates = [v[1] for v in metrics.values()]


def run_epoch(sess, seed):
    rng = np.random.RandomState(seed)
    sess.run(tf.local_variables_initializer())
    for _ in range(4):
        p = rng.rand(9, 3)
        p /= p.sum(axis=1, keepdims=True)
        y = np.where(rng.rand(9) < .6, p.argmax(axis=1), rng.randint(0, 3, 9))
        sess.run(updates, feed_dict={labels: y, probs: p})
    return sess.run(values)


with tf.Session() as sess:
    sess.run(tf.group(tf.global_variables_initializer(), tf.local_variables_initializer()))
    for seed in (1, 2):
        result = run_epoch(sess, seed)
        for k in sorted(result):
            print('RESULT %s_%d %s' % (k, seed, result[k]))
    print('RESULT global_variables', len(tf.global_variables()))
