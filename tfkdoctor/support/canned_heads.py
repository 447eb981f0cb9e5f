# mypy: ignore-errors
"""The losses, metrics, predictions and exports of `tf.estimator`'s canned classifiers and regressors, by their keys."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.EstimatorSpec import EstimatorSpec
from tfkdoctor.support.export_outputs import ClassificationOutput, PredictOutput, RegressionOutput
from tfkdoctor.support.ModeKeys import ModeKeys


class _CannedHead:
    """What stands upon the logits; a subclass says what they predict, what is lost and what is measured."""

    def __init__(self, logits_dimension, weight_column, loss_reduction):
        if loss_reduction not in tf1.losses.Reduction.all() or loss_reduction == tf1.losses.Reduction.NONE:
            raise ValueError(f"Invalid loss_reduction: {loss_reduction}")
        self.logits_dimension, self._weight_column, self._reduction = logits_dimension, weight_column, loss_reduction

    def spec(self, features, mode, logits, labels, train_op_fn):
        """The specification of one mode; `train_op_fn` makes the training step of a loss."""
        with tf1.name_scope("head"):
            logits = tf1.cast(logits, tf1.float32)
            predictions, exports = self._predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions=predictions, export_outputs=exports)
            labels = self._labels(self._like_logits(labels, logits))
            unreduced = self._unreduced(labels, logits)
            weights = self._weights(features, logits)
            loss = tf1.losses.compute_weighted_loss(unreduced, weights, reduction=self._reduction)
            if mode == ModeKeys.EVAL:
                metrics = self._metrics(labels, logits, predictions, weights)
                metrics["average_loss"] = tf1.metrics.mean(unreduced, weights)
                return EstimatorSpec(mode, predictions=predictions, loss=loss, eval_metric_ops=metrics)
            train_op = train_op_fn(loss)
            updates = tf1.get_collection(tf1.GraphKeys.UPDATE_OPS)
            train_op = tf1.group(train_op, *updates) if updates else train_op
            mean = loss / tf1.reduce_sum(weights * tf1.ones_like(unreduced))
        with tf1.name_scope(""):
            tf1.summary.scalar("loss", loss)
            if self._reduction == tf1.losses.Reduction.SUM:
                tf1.summary.scalar("average_loss", mean)
        return EstimatorSpec(mode, predictions=predictions, loss=loss, train_op=train_op)

    def _labels(self, labels):
        return tf1.cast(labels, tf1.float32)

    def _like_logits(self, labels, logits):
        """Labels with as many dimensions as the logits have, and the size that they must have."""
        if labels is None:
            raise ValueError("You must provide a labels Tensor. Given: None.")
        labels = tf1.convert_to_tensor(labels)
        if labels.shape.rank == logits.shape.rank - 1:
            labels = tf1.expand_dims(labels, -1)
        wanted = self._label_dimension()
        if labels.shape.as_list()[-1] not in (None, wanted):
            raise ValueError(
                f"Mismatched label shape. Expected labels dimension={wanted}. Received {labels.shape[-1]}."
            )
        shape = tf1.concat([tf1.shape(logits)[:-1], [wanted]], 0)
        with tf1.control_dependencies([tf1.assert_equal(shape, tf1.shape(labels), message="labels shape")]):
            return tf1.identity(labels)

    def _label_dimension(self):
        return 1

    def _weights(self, features, logits):
        if self._weight_column is None:
            return 1.0
        column, key = self._weight_column, self._weight_column
        if not isinstance(column, str):
            key = column.key
        weights = tf1.convert_to_tensor(features[key])
        if not isinstance(column, str) and column.normalizer_fn is not None:
            weights = column.normalizer_fn(weights)
        weights = tf1.cast(weights, tf1.float32)
        return tf1.expand_dims(weights, -1) if weights.shape.rank == logits.shape.rank - 1 else weights


class _RegressionHead(_CannedHead):
    """Mean squared errors."""

    def _label_dimension(self):
        return self.logits_dimension

    def _predictions(self, logits):
        value = RegressionOutput(logits)
        predictions = {"predictions": logits}
        return predictions, {
            "serving_default": value,
            "regression": value,
            "predict": PredictOutput(predictions),
        }

    def _unreduced(self, labels, logits):
        return tf1.losses.mean_squared_error(labels, logits, reduction=tf1.losses.Reduction.NONE)

    def _metrics(self, labels, logits, predictions, weights):
        return {
            "prediction/mean": _canned_mean(predictions["predictions"], weights),
            "label/mean": tf1.metrics.mean(labels, weights),
        }


class _ClassificationHead(_CannedHead):
    """What classifiers of two classes and of more have in common: the names of the classes."""

    def __init__(self, logits_dimension, n_classes, weight_column, label_vocabulary, loss_reduction):
        super().__init__(logits_dimension, weight_column, loss_reduction)
        self._n_classes, self._vocabulary = n_classes, label_vocabulary

    def _class_ids(self, labels):
        """Labels as numbers, checked for being some of the classes."""
        if self._vocabulary is not None:
            table = tf1.lookup.StaticHashTable(
                tf1.lookup.KeyValueTensorInitializer(
                    list(self._vocabulary), list(range(len(self._vocabulary))), tf1.string, tf1.int64
                ),
                -1,
            )
            labels = table.lookup(labels)
        most = tf1.cast(self._n_classes - 1, labels.dtype)
        told = [
            tf1.assert_less_equal(labels, most, message="Labels must <= n_classes - 1"),
            tf1.assert_non_negative(labels, message="Labels must >= 0"),
        ]
        with tf1.control_dependencies(told):
            return tf1.identity(labels)

    def _class_predictions(self, logits, scores):
        """The class of each example, and all that there are."""
        number = tf1.shape(logits)[0]
        names = tf1.as_string(tf1.range(self._n_classes)) if self._vocabulary is None else list(self._vocabulary)
        names = tf1.convert_to_tensor(names)
        ids = tf1.expand_dims(tf1.argmax(scores, axis=-1, name="class_ids"), -1)
        return {
            "logits": logits,
            "probabilities": tf1.nn.softmax(scores, name="probabilities"),
            "class_ids": ids,
            "classes": tf1.gather(names, ids, name="str_classes"),
            "all_class_ids": tf1.tile(tf1.expand_dims(tf1.range(self._n_classes), 0), [number, 1]),
            "all_classes": tf1.tile(tf1.expand_dims(names, 0), [number, 1]),
        }

    def _class_exports(self, predictions):
        classes = ClassificationOutput(predictions["probabilities"], predictions["all_classes"])
        return {
            "serving_default": classes,
            "classification": classes,
            "predict": PredictOutput(predictions),
        }


class _MultiClassHead(_ClassificationHead):
    """Softmax over three classes or more."""

    def __init__(self, n_classes, weight_column, label_vocabulary, loss_reduction):
        super().__init__(n_classes, n_classes, weight_column, label_vocabulary, loss_reduction)

    def _predictions(self, logits):
        predictions = self._class_predictions(logits, logits)
        return predictions, self._class_exports(predictions)

    def _labels(self, labels):
        if self._vocabulary is None and not labels.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer. Instead got {labels.dtype}.")
        return self._class_ids(labels)

    def _unreduced(self, labels, logits):
        none = tf1.losses.Reduction.NONE
        return tf1.expand_dims(tf1.losses.sparse_softmax_cross_entropy(labels, logits, reduction=none), -1)

    def _metrics(self, labels, logits, predictions, weights):
        return {"accuracy": tf1.metrics.accuracy(labels, predictions["class_ids"], weights)}


class _BinaryHead(_ClassificationHead):
    """A sigmoid for two classes."""

    def __init__(self, weight_column, label_vocabulary, loss_reduction):
        super().__init__(1, 2, weight_column, label_vocabulary, loss_reduction)

    def _predictions(self, logits):
        logistic = tf1.sigmoid(logits, name="logistic")
        both = tf1.concat([tf1.zeros_like(logits), logits], axis=-1, name="two_class_logits")
        predictions = {**self._class_predictions(logits, both), "logistic": logistic}
        return predictions, {**self._class_exports(predictions), "regression": RegressionOutput(logistic)}

    def _labels(self, labels):
        return tf1.cast(self._class_ids(labels), tf1.float32)

    def _unreduced(self, labels, logits):
        return tf1.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def _metrics(self, labels, logits, predictions, weights):
        logistic, ids = predictions["logistic"], predictions["class_ids"]
        mean = _canned_mean(labels, weights)
        spread = _spread(weights, logistic)
        return {
            "accuracy": tf1.metrics.accuracy(labels, ids, weights),
            "precision": tf1.metrics.precision(labels, ids, weights),
            "recall": tf1.metrics.recall(labels, ids, weights),
            "prediction/mean": _canned_mean(logistic, weights),
            "label/mean": mean,
            "accuracy_baseline": tuple(tf1.maximum(one, 1.0 - one) for one in mean),
            "auc": tf1.metrics.auc(labels, logistic, spread),
            "auc_precision_recall": tf1.metrics.auc(labels, logistic, spread, curve="PR"),
        }


def _canned_head(n_classes, weight_column, label_vocabulary, loss_reduction):
    if n_classes == 2:
        return _BinaryHead(weight_column, label_vocabulary, loss_reduction)
    return _MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction)


def _canned_mean(values, weights):
    return tf1.metrics.mean(tf1.cast(values, tf1.float32), _spread(weights, values))


def _spread(weights, values):
    return weights * tf1.ones_like(values, tf1.float32)
