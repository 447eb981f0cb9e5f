"""Fine-tuning of a small transformer: flags, a TPUEstimator's model_fn, an optimizer of its own, init_from_checkpoint."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import json
import os
import tempfile

import modeling
import numpy as np
import optimization
import tensorflow as tf

flags = tf.flags
FLAGS = flags.FLAGS
flags.DEFINE_string('output_dir', tempfile.mkdtemp(), 'The output directory.')
flags.DEFINE_integer('train_batch_size', 4, 'Total batch size for training.')
flags.DEFINE_float('learning_rate', 1e-2, 'The initial learning rate for Adam.')
flags.DEFINE_float('num_train_epochs', 1.0, 'Total number of training epochs to perform.')
flags.DEFINE_bool('use_tpu', False, 'Whether to use TPU or GPU/CPU.')
rng = np.random.RandomState(0)
IDS = rng.randint(1, 20, (16, 6))
MASK = (np.arange(6)[None, :] < rng.randint(3, 7, 16)[:, None]).astype(np.int64)
LABELS = (IDS[:, 0] > 9).astype(np.int64)


def create_model(config, is_training, input_ids, input_mask, labels, num_labels):
    model = modeling.BertModel(config=config, is_training=is_training, input_ids=input_ids, input_mask=input_mask)
    hidden_size = model.pooled_output.shape[-1].value
    output_weights = tf.get_variable('output_weights', [num_labels, hidden_size],
                                     initializer=modeling.create_initializer(0.2))
    output_bias = tf.get_variable('output_bias', [num_labels], initializer=tf.zeros_initializer())
    with tf.variable_scope('loss'):
        logits = tf.nn.bias_add(tf.matmul(model.pooled_output, output_weights, transpose_b=True), output_bias)
        log_probs = tf.nn.log_softmax(logits, axis=-1)
        per_example = -tf.reduce_sum(tf.one_hot(labels, depth=num_labels, dtype=tf.float32) * log_probs, axis=-1)
        return tf.reduce_mean(per_example), per_example, logits, tf.nn.softmax(logits, axis=-1)


def model_fn_builder(config, num_labels, init_checkpoint, num_train_steps, num_warmup_steps):
    def model_fn(features, labels, mode, params):
        for name in sorted(features.keys()):
            tf.logging.info('  name = %s, shape = %s' % (name, features[name].shape))
        is_training = mode == tf.estimator.ModeKeys.TRAIN
        loss, per_example, logits, probabilities = create_model(
            config, is_training, features['input_ids'], features['input_mask'], features['label_ids'], num_labels)
        tvars = tf.trainable_variables()
        names = {}
        if init_checkpoint:
            assignment_map, names = modeling.get_assignment_map_from_checkpoint(tvars, init_checkpoint)
            tf.train.init_from_checkpoint(init_checkpoint, assignment_map)
        print('RESULT initialized', mode, len(tvars), len(names))
        if mode == tf.estimator.ModeKeys.TRAIN:
            train_op = optimization.create_optimizer(loss, FLAGS.learning_rate, num_train_steps, num_warmup_steps)
            return tf.contrib.tpu.TPUEstimatorSpec(mode=mode, loss=loss, train_op=train_op)
        if mode == tf.estimator.ModeKeys.EVAL:
            def metric_fn(per_example, label_ids, logits):
                predictions = tf.argmax(logits, axis=-1, output_type=tf.int32)
                return {'eval_accuracy': tf.metrics.accuracy(labels=label_ids, predictions=predictions),
                        'eval_loss': tf.metrics.mean(values=per_example)}
            return tf.contrib.tpu.TPUEstimatorSpec(
                mode=mode, loss=loss, eval_metrics=(metric_fn, [per_example, features['label_ids'], logits]))
        return tf.contrib.tpu.TPUEstimatorSpec(mode=mode, predictions={'probabilities': probabilities})
    return model_fn


def input_fn_builder(is_training, drop_remainder):
    def input_fn(params):
        batch_size = params['batch_size']
        d = tf.data.Dataset.from_tensor_slices({
            'input_ids': tf.constant(IDS, shape=[16, 6], dtype=tf.int32),
            'input_mask': tf.constant(MASK, shape=[16, 6], dtype=tf.int32),
            'label_ids': tf.constant(LABELS, shape=[16], dtype=tf.int32)})
        if is_training:
            d = d.repeat()
        return d.batch(batch_size=batch_size, drop_remainder=drop_remainder)
    return input_fn


def main(_):
    tf.logging.set_verbosity(tf.logging.ERROR)
    path = os.path.join(FLAGS.output_dir, 'config.json')
    with tf.gfile.Open(path, 'w') as writer:
        writer.write(json.dumps({'vocab_size': 20, 'hidden_dropout_prob': 0.0}))
    config = modeling.BertConfig.from_json_file(path)
    pretrained = os.path.join(FLAGS.output_dir, 'pre', 'bert_model.ckpt')
    tf.gfile.MakeDirs(os.path.dirname(pretrained))
    with tf.Graph().as_default(), tf.Session() as sess:
        modeling.BertModel(config, False, tf.constant(IDS[:2]))
        sess.run(tf.global_variables_initializer())
        table = [v for v in tf.global_variables() if 'word_embeddings' in v.name][0]
        sess.run(table.assign(table * 5.0))
        tf.train.Saver().save(sess, pretrained)
    steps = int(len(IDS) / FLAGS.train_batch_size * FLAGS.num_train_epochs)
    run_config = tf.contrib.tpu.RunConfig(
        model_dir=FLAGS.output_dir, save_checkpoints_steps=100,
        tpu_config=tf.contrib.tpu.TPUConfig(iterations_per_loop=100, num_shards=8,
                                            per_host_input_for_training=tf.contrib.tpu.InputPipelineConfig.PER_HOST_V2))
    estimator = tf.contrib.tpu.TPUEstimator(
        use_tpu=FLAGS.use_tpu, model_fn=model_fn_builder(config, 2, pretrained, steps, int(steps * 0.5)), config=run_config,
        train_batch_size=FLAGS.train_batch_size, eval_batch_size=8, predict_batch_size=8)
    estimator.train(input_fn=input_fn_builder(True, True), max_steps=steps)
    result = estimator.evaluate(input_fn=input_fn_builder(False, False), steps=None)
    for key in sorted(result.keys()):
        print('RESULT', key, result[key])
    for i, prediction in enumerate(estimator.predict(input_fn=input_fn_builder(False, False))):
        if i < 3:
            print('RESULT probabilities', *prediction['probabilities'])
    weights = estimator.get_variable_value('bert/encoder/layer_1/attention/self/query/kernel')
    print('RESULT weights', float(np.abs(weights).sum()), len(estimator.get_variable_names()))


if __name__ == '__main__':
    flags.mark_flag_as_required('output_dir') if False else None
    tf.app.run()
