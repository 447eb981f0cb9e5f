import numpy as np
import tensorflow as tf


def one_hot_class(values):
    vocabulary = tf.constant(['private', 'state', 'self'])
    return tf.to_float(tf.equal(tf.expand_dims(values, 1), tf.expand_dims(vocabulary, 0)))


def model_fn(features, labels, mode, params):
    wide = one_hot_class(features['workclass'])
    numeric = tf.stack([features['age'], features['hours']], axis=1)
    net = tf.concat([numeric, wide], axis=1)
    rng = np.random.RandomState(params.seed)
    with tf.variable_scope('deep'):
        for i, units in enumerate(params.hidden_units):
            n_in = net.shape[1].value
            net = tf.layers.dense(net, units, activation=tf.nn.relu, name='layer_%d' % i,
                                  kernel_initializer=tf.constant_initializer(rng.normal(.2, .4, (n_in, units))))
    logits = tf.squeeze(tf.layers.dense(net, 1, kernel_initializer=tf.constant_initializer(.2), name='logits'), 1)
    probabilities = tf.nn.sigmoid(logits)
    if mode == tf.estimator.ModeKeys.PREDICT:
        outputs = {'probability': probabilities}
        return tf.estimator.EstimatorSpec(mode, predictions=outputs,
                                          export_outputs={'prediction': tf.estimator.export.PredictOutput(outputs)})
    loss = tf.losses.sigmoid_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        metric_ops = {'accuracy': tf.metrics.accuracy(labels, tf.to_int32(probabilities > 0.5)),
                      'mean_probability': tf.metrics.mean(probabilities)}
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metric_ops)
    rate = tf.train.exponential_decay(params.learning_rate, tf.train.get_global_step(), 4, params.decay)
    train_op = tf.contrib.layers.optimize_loss(loss, tf.train.get_global_step(), rate, optimizer='Adam', clip_gradients=1.0, summaries=[])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
