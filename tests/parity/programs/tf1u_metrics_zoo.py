"""Streaming metrics over batches: curves, thresholds, IoU, top k, percentages, reset by their local variables."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(10)
labels_ph = tf.placeholder(tf.int64, [None])
scores_ph = tf.placeholder(tf.float32, [None])
multi_ph = tf.placeholder(tf.float32, [None, 4])
multi_labels_ph = tf.placeholder(tf.int64, [None])
weights_ph = tf.placeholder(tf.float32, [None])
predicted = tf.argmax(multi_ph, 1)

with tf.variable_scope('metrics'):
    metrics = {
        'auc': tf.metrics.auc(labels_ph, scores_ph, num_thresholds=50),
        'auc_pr': tf.metrics.auc(labels_ph, scores_ph, curve='PR', summation_method='careful_interpolation'),
        'precision': tf.metrics.precision(labels_ph, tf.cast(scores_ph > 0.5, tf.int64), weights=weights_ph),
        'recall': tf.metrics.recall(labels_ph, tf.cast(scores_ph > 0.5, tf.int64)),
        'at_thresholds': tf.metrics.precision_at_thresholds(labels_ph, scores_ph, [0.2, 0.5, 0.8]),
        'sensitivity': tf.metrics.sensitivity_at_specificity(labels_ph, scores_ph, 0.6),
        'mean_iou': tf.metrics.mean_iou(multi_labels_ph, predicted, 4),
        'per_class': tf.metrics.mean_per_class_accuracy(multi_labels_ph, predicted, 4),
        'recall_at_2': tf.metrics.recall_at_k(multi_labels_ph, multi_ph, 2),
        'average_precision': tf.metrics.average_precision_at_k(multi_labels_ph, multi_ph, 3),
        'false_positives': tf.metrics.false_positives(labels_ph, scores_ph > 0.5),
        'true_negatives': tf.metrics.true_negatives_at_thresholds(labels_ph, scores_ph, [0.4]),
        'rmse': tf.metrics.root_mean_squared_error(tf.to_float(labels_ph), scores_ph),
        'relative': tf.metrics.mean_relative_error(tf.to_float(labels_ph), scores_ph, tf.to_float(labels_ph) + 1.),
        'cosine': tf.metrics.mean_cosine_distance(tf.nn.l2_normalize(multi_ph, 1), tf.nn.l2_normalize(multi_ph + .5, 1), 1),
        'below': tf.metrics.percentage_below(scores_ph, 0.3),
        'tensor': tf.metrics.mean_tensor(tf.reduce_mean(multi_ph, 0)),
        'streaming': tf.contrib.metrics.streaming_accuracy(predicted, multi_labels_ph),
        'streaming_mean': tf.contrib.metrics.streaming_mean(scores_ph),
    }
names_to_values, names_to_updates = tf.contrib.metrics.aggregate_metric_map({
    'acc': tf.metrics.accuracy(multi_labels_ph, predicted),
    'pearson': tf.contrib.metrics.streaming_pearson_correlation(scores_ph, tf.to_float(labels_ph)),
})
values, updates = tf.contrib.metrics.aggregate_metrics(tf.metrics.mean(scores_ph), tf.metrics.mean(weights_ph, weights_ph))
confusion = tf.confusion_matrix(multi_labels_ph, predicted, num_classes=4)
plain = tf.contrib.metrics.accuracy(predicted, multi_labels_ph)
reset = tf.variables_initializer(tf.get_collection(tf.GraphKeys.LOCAL_VARIABLES, scope='metrics'))

with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    for turn in range(2):
        for _ in range(3):
            feed = {labels_ph: rng.randint(0, 2, 9), scores_ph: rng.rand(9), multi_ph: rng.rand(9, 4),
                    multi_labels_ph: rng.randint(0, 4, 9), weights_ph: rng.rand(9)}
            sess.run([{k: m[1] for k, m in metrics.items()}, list(names_to_updates.values()), updates], feed)
        results = sess.run({k: m[0] for k, m in metrics.items()})
        for name in sorted(results):
            print('RESULT', name, turn, *np.ravel(results[name]))
        sess.run(reset)
    for name, value in sorted(names_to_values.items()):
        print('RESULT', name, sess.run(value))
    print('RESULT aggregated', *sess.run(values))
    print('RESULT confusion', *sess.run(confusion, feed).ravel())
    print('RESULT plain', sess.run(plain, feed))
    print('RESULT locals', len(tf.local_variables()), len(tf.get_collection(tf.GraphKeys.METRIC_VARIABLES)))
