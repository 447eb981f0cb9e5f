"""Estimator over tf.data: params as a dictionary, decay, batch normalization, export_outputs and train_and_evaluate."""
import os
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
DATA = np.random.RandomState(8)
X = DATA.normal(0, 1, (40, 5)).astype(np.float32)
Y = (X @ DATA.normal(0, 1, (5, 1)) > 0).astype(np.float32)


def input_fn(mode, params):
    dataset = tf.data.Dataset.from_tensor_slices(({'inputs': X}, Y))
    if mode == tf.estimator.ModeKeys.TRAIN:
        dataset = dataset.repeat()
    dataset = dataset.map(lambda f, l: ({'inputs': f['inputs'] * 2.}, l)).batch(params['batch_size']).prefetch(1)
    return dataset


def build(features, is_training, params):
    net = features['inputs']
    weights = np.random.RandomState(2)
    last = 5
    for units in params['layers']:
        net = tf.layers.dense(net, units, use_bias=False,
                              kernel_initializer=tf.constant_initializer(weights.normal(0, .5, (last, units))))
        net = tf.nn.relu(tf.layers.batch_normalization(net, momentum=.9, training=is_training))
        last = units
    return tf.layers.dense(net, 1, kernel_initializer=tf.constant_initializer(weights.normal(0, .5, (last, 1))))


def model_fn(features, labels, mode, params, config):
    logits = build(features, mode == tf.estimator.ModeKeys.TRAIN, params)
    probabilities = tf.sigmoid(logits)
    predictions = {'probabilities': probabilities, 'logits': logits}
    if mode == tf.estimator.ModeKeys.PREDICT:
        exports = {
            tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY:
                tf.estimator.export.PredictOutput(predictions),
        }
        return tf.estimator.EstimatorSpec(mode, predictions=predictions, export_outputs=exports)
    loss = tf.losses.sigmoid_cross_entropy(labels, logits)
    global_step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(params['rate'], global_step, 2, .9, staircase=True)
    tf.summary.scalar('learning_rate', rate)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.MomentumOptimizer(rate, .9).minimize(loss, global_step)
    metrics = {'accuracy': tf.metrics.accuracy(labels, tf.round(probabilities)), 'auc': tf.metrics.auc(labels, probabilities)}
    return tf.estimator.EstimatorSpec(mode, predictions, loss, train_op, metrics)


def serving_input_receiver_fn():
    inputs = tf.placeholder(tf.float32, [None, 5], name='inputs')
    return tf.estimator.export.ServingInputReceiver({'inputs': inputs * 2.}, {'inputs': inputs})


config = tf.estimator.RunConfig(tf_random_seed=19, save_checkpoints_steps=4, keep_checkpoint_max=2, log_step_count_steps=10)
estimator = tf.estimator.Estimator(model_fn, tempfile.mkdtemp(), config, {'layers': [6, 4], 'rate': .1, 'batch_size': 8})
exporter = tf.estimator.LatestExporter('latest', serving_input_receiver_fn)
train_spec = tf.estimator.TrainSpec(input_fn, max_steps=10)
eval_spec = tf.estimator.EvalSpec(input_fn, steps=None, exporters=[exporter], start_delay_secs=0, throttle_secs=0)
result = tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
metrics, exports = result
for key in sorted(metrics):
    print('RESULT', key, metrics[key])
print('RESULT exports', len(exports), os.path.basename(os.path.dirname(exports[0].decode('utf-8'))) if isinstance(exports[0], bytes)
      else os.path.basename(os.path.dirname(exports[0])))
state = tf.train.get_checkpoint_state(estimator.model_dir)
print('RESULT checkpoints', *[os.path.basename(p) for p in state.all_model_checkpoint_paths])
print('RESULT rate', estimator.config.save_checkpoints_steps, estimator.params['rate'], os.path.basename(estimator.latest_checkpoint()))
first = next(estimator.predict(input_fn))
print('RESULT first', *first['probabilities'], *first['logits'])
folder = estimator.export_savedmodel(os.path.join(estimator.model_dir, 'saved'), serving_input_receiver_fn)
with tf.Graph().as_default(), tf.Session() as sess:
    meta = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], folder)
    signature = meta.signature_def['serving_default']
    names = {key: info.name for key, info in signature.outputs.items()}
    print('RESULT served', *sess.run(names['probabilities'], {signature.inputs['inputs'].name: X[:3]}).ravel())
    print('RESULT signature', signature.method_name, *sorted(names))
