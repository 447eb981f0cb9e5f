"""slim.learning.train and slim.evaluation: losses of slim, a train op, an evaluation of the last checkpoint."""
import os
import tempfile

import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim

tf.logging.set_verbosity(tf.logging.ERROR)
log_dir = tempfile.mkdtemp()
rng = np.random.RandomState(14)
images = rng.rand(8, 6, 6, 2).astype(np.float32)
labels = rng.randint(0, 3, 8)


def seeded(*shape):
    return tf.constant_initializer(np.random.RandomState(sum(shape)).randn(*shape) * 0.2)


def net(inputs, is_training=True, reuse=None, scope='little'):
    with tf.variable_scope(scope, 'little', [inputs], reuse=reuse) as sc:
        end_points_collection = sc.original_name_scope + '_end_points'
        with slim.arg_scope([slim.conv2d, slim.max_pool2d], outputs_collections=[end_points_collection]):
            net = slim.conv2d(inputs, 4, [3, 3], scope='conv1', weights_initializer=seeded(3, 3, 2, 4))
            net = slim.repeat(net, 2, slim.conv2d, 4, [3, 3], scope='conv2', weights_initializer=seeded(3, 3, 4, 4))
            net = slim.max_pool2d(net, [2, 2], scope='pool2')
            net = slim.separable_conv2d(net, 5, [3, 3], 1, scope='sep', weights_initializer=tf.constant_initializer(0.1))
            net = slim.dropout(net, 0.5, is_training=False, scope='drop')
            net = slim.avg_pool2d(net, [3, 3], scope='avg')
            net = slim.flatten(net)
            logits = slim.fully_connected(net, 3, activation_fn=None, scope='logits',
                                          weights_initializer=seeded(5, 3))
        end_points = slim.utils.convert_collection_to_dict(end_points_collection)
        end_points['Predictions'] = slim.softmax(logits)
        return logits, end_points


def arg_scope(weight_decay=0.01, is_training=True):
    batch_norm_params = {'is_training': is_training, 'decay': 0.9, 'epsilon': 0.001, 'scale': True}
    with slim.arg_scope([slim.conv2d, slim.fully_connected], weights_regularizer=slim.l2_regularizer(weight_decay),
                        biases_initializer=tf.constant_initializer(0.1)):
        with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm, normalizer_params=batch_norm_params,
                            activation_fn=tf.nn.relu6) as sc:
            return sc


with tf.Graph().as_default():
    slim.get_or_create_global_step()
    with slim.arg_scope(arg_scope()):
        logits, end_points = net(tf.constant(images))
    print('RESULT end_points', *sorted(end_points))
    one_hot = slim.one_hot_encoding(labels, 3)
    slim.losses.softmax_cross_entropy(logits, one_hot, label_smoothing=0.1, weights=0.7)
    total_loss = slim.losses.get_total_loss()
    print('RESULT losses', len(slim.losses.get_losses()), len(slim.losses.get_regularization_losses()))
    print('RESULT model', len(slim.get_model_variables()), len(slim.get_variables_by_suffix('weights')))
    tf.summary.scalar('losses/total', total_loss)
    optimizer = tf.train.MomentumOptimizer(0.05, 0.9)
    train_op = slim.learning.create_train_op(total_loss, optimizer, clip_gradient_norm=1.0,
                                             gradient_multipliers={'little/logits/weights': 2.0})
    values = []

    def step_fn(session, op, global_step, kwargs):
        value, stop = slim.learning.train_step(session, op, global_step, kwargs)
        values.append(value)
        return value, stop

    final = slim.learning.train(train_op, log_dir, number_of_steps=4, train_step_fn=step_fn, log_every_n_steps=10,
                                save_summaries_secs=600, save_interval_secs=600)
    print('RESULT final', final)
    print('RESULT values', *values)

with tf.Graph().as_default():
    slim.get_or_create_global_step()
    with slim.arg_scope(arg_scope(is_training=False)):
        logits, _ = net(tf.constant(images), is_training=False)
    predictions = tf.argmax(logits, 1)
    names_to_values, names_to_updates = slim.metrics.aggregate_metric_map({
        'accuracy': slim.metrics.streaming_accuracy(predictions, tf.constant(labels, tf.int64)),
        'mse': slim.metrics.streaming_mean_squared_error(tf.nn.softmax(logits), slim.one_hot_encoding(labels, 3)),
    })
    checkpoint = tf.train.latest_checkpoint(log_dir)
    result = slim.evaluation.evaluate_once('', checkpoint, log_dir, num_evals=2,
                                           eval_op=list(names_to_updates.values()),
                                           final_op=list(names_to_values.values()))
    print('RESULT evaluated', os.path.basename(checkpoint), *result)
