# mypy: ignore-errors
"""What tf.contrib.metrics had beside the streaming metrics that `tf.metrics` took over: metrics together, accuracy of
one batch, covariance and correlation.
"""

import tensorflow.compat.v1 as tf1


def aggregate_metrics(*value_update_tuples):
    """`tf.contrib.metrics.aggregate_metrics`: a list of values and a list of updates."""
    values, updates = zip(*value_update_tuples, strict=True)
    return list(values), list(updates)


def aggregate_metric_map(names_to_tuples):
    """`tf.contrib.metrics.aggregate_metric_map`: values and updates by the metrics' names."""
    items = names_to_tuples.items()
    return {name: value for name, (value, _) in items}, {name: update for name, (_, update) in items}


def contrib_accuracy(predictions, labels, weights=None, name=None):
    """`tf.contrib.metrics.accuracy`: of one batch, which holds no state."""
    with tf1.name_scope(name, "accuracy", [predictions, labels]):
        right = tf1.cast(tf1.equal(predictions, labels), tf1.float32)
        if weights is None:
            return tf1.reduce_mean(right)
        right = right * weights
        return tf1.reduce_sum(right) / tf1.reduce_sum(weights * tf1.ones_like(right))


def _collected(value, update, metrics_collections, updates_collections):
    for collections, item in ((metrics_collections, value), (updates_collections, update)):
        if collections:
            tf1.add_to_collections(collections, item)
    return value, update


def _state(name):
    where = [tf1.GraphKeys.LOCAL_VARIABLES, tf1.GraphKeys.METRIC_VARIABLES]
    return tf1.Variable(0.0, trainable=False, collections=where, name=name)


def streaming_covariance(
    predictions, labels, weights=None, metrics_collections=None, updates_collections=None, name=None
):
    """`tf.contrib.metrics.streaming_covariance`: of all batches so far, by their means and their co-moment."""
    with tf1.variable_scope(name, "covariance", [predictions, labels, weights]):
        predictions, labels = tf1.convert_to_tensor(predictions), tf1.convert_to_tensor(labels)
        count, mean_prediction, mean_label, comoment = map(
            _state, ("count", "mean_prediction", "mean_label", "comoment")
        )
        weights = tf1.ones_like(labels) if weights is None else tf1.ones_like(labels) * weights
        here = tf1.reduce_sum(weights)
        total = tf1.assign_add(count, here)
        before, means, shifts = total - here, [], []
        for values, mean in ((predictions, mean_prediction), (labels, mean_label)):
            batch = tf1.div_no_nan(tf1.reduce_sum(values * weights), here)
            change = tf1.div_no_nan((batch - mean) * here, total)
            means.append(batch)
            shifts.append(tf1.assign_add(mean, change) - change - batch)
        together = tf1.reduce_sum((predictions - means[0]) * (labels - means[1]) * weights)
        moment = tf1.assign_add(comoment, together + shifts[0] * shifts[1] * (before * here / total))

        def covariance(moment, count, name):
            found = tf1.truediv(moment, count - 1.0)
            return tf1.where(count <= 1.0, tf1.fill([], float("nan")), found, name=name)

        value = covariance(comoment, count, "covariance")
        update = covariance(moment, total, "update_op")
        return _collected(value, update, metrics_collections, updates_collections)


def streaming_pearson_correlation(
    predictions, labels, weights=None, metrics_collections=None, updates_collections=None, name=None
):
    """`tf.contrib.metrics.streaming_pearson_correlation`: the covariance over the roots of both variances."""
    with tf1.variable_scope(name, "pearson_r", [predictions, labels, weights]):
        pairs = (predictions, labels, "covariance"), (predictions, predictions, "variance_predictions")
        found = [
            streaming_covariance(one, other, weights, name=name)
            for one, other, name in (*pairs, (labels, labels, "variance_labels"))
        ]
        value, update = (
            tf1.truediv(together, tf1.sqrt(first) * tf1.sqrt(second))
            for together, first, second in zip(*found, strict=True)
        )
        return _collected(value, update, metrics_collections, updates_collections)
