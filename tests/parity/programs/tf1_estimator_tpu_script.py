"""A fine-tuning script in the manner of language models: TPUEstimator with use_tpu=False, host_call-free specs, flags."""
import tempfile

import numpy as np
import tensorflow as tf

flags = tf.flags
FLAGS = flags.FLAGS
flags.DEFINE_bool('use_tpu', False, 'Whether to use TPU or GPU/CPU.')
flags.DEFINE_integer('train_batch_size', 6, 'Total batch size for training.')
flags.DEFINE_integer('iterations_per_loop', 1000, 'How many steps to make in each estimator call.')
flags.DEFINE_float('learning_rate', .05, 'The initial learning rate.')

rng = np.random.RandomState(17)
IDS = rng.randint(0, 11, (24, 5)).astype(np.int32)
LABELS = (IDS.sum(1) % 2).astype(np.int32)


def input_fn_builder(is_training, drop_remainder):
    def input_fn(params):
        batch_size = params['batch_size']
        d = tf.data.Dataset.from_tensor_slices({'input_ids': tf.constant(IDS, shape=[24, 5], dtype=tf.int32),
                                                'label_ids': tf.constant(LABELS, shape=[24], dtype=tf.int32)})
        if is_training:
            d = d.repeat()
        return d.batch(batch_size=batch_size, drop_remainder=drop_remainder)
    return input_fn


def model_fn_builder(num_labels, learning_rate, use_tpu):
    def model_fn(features, labels, mode, params):
        tf.logging.info('*** Features ***')
        fixed = np.random.RandomState(6)
        table = tf.get_variable('embedding', [11, 4], initializer=tf.constant_initializer(fixed.normal(0, .5, (11, 4))))
        pooled = tf.reduce_mean(tf.nn.embedding_lookup(table, features['input_ids']), axis=1)
        output_weights = tf.get_variable('output_weights', [num_labels, 4],
                                         initializer=tf.constant_initializer(fixed.normal(0, .5, (num_labels, 4))))
        logits = tf.matmul(pooled, output_weights, transpose_b=True)
        probabilities = tf.nn.softmax(logits, axis=-1)
        one_hot = tf.one_hot(features['label_ids'], depth=num_labels, dtype=tf.float32)
        per_example_loss = -tf.reduce_sum(one_hot * tf.nn.log_softmax(logits), axis=-1)
        loss = tf.reduce_mean(per_example_loss)
        if mode == tf.estimator.ModeKeys.TRAIN:
            optimizer = tf.train.GradientDescentOptimizer(learning_rate)
            if use_tpu:
                optimizer = tf.contrib.tpu.CrossShardOptimizer(optimizer)
            train_op = optimizer.minimize(loss, tf.train.get_or_create_global_step())
            return tf.contrib.tpu.TPUEstimatorSpec(mode=mode, loss=loss, train_op=train_op, scaffold_fn=None)
        if mode == tf.estimator.ModeKeys.EVAL:
            def metric_fn(per_example_loss, label_ids, logits):
                predictions = tf.argmax(logits, axis=-1, output_type=tf.int32)
                return {'eval_accuracy': tf.metrics.accuracy(label_ids, predictions),
                        'eval_loss': tf.metrics.mean(per_example_loss)}
            eval_metrics = (metric_fn, [per_example_loss, features['label_ids'], logits])
            return tf.contrib.tpu.TPUEstimatorSpec(mode=mode, loss=loss, eval_metrics=eval_metrics, scaffold_fn=None)
        return tf.contrib.tpu.TPUEstimatorSpec(mode=mode, predictions={'probabilities': probabilities}, scaffold_fn=None)
    return model_fn


def main(_):
    tf.logging.set_verbosity(tf.logging.ERROR)
    is_per_host = tf.contrib.tpu.InputPipelineConfig.PER_HOST_V2
    run_config = tf.contrib.tpu.RunConfig(
        cluster=None, master=None, model_dir=tempfile.mkdtemp(), save_checkpoints_steps=1000,
        tpu_config=tf.contrib.tpu.TPUConfig(iterations_per_loop=FLAGS.iterations_per_loop, num_shards=8,
                                            per_host_input_for_training=is_per_host))
    estimator = tf.contrib.tpu.TPUEstimator(
        use_tpu=FLAGS.use_tpu, model_fn=model_fn_builder(2, FLAGS.learning_rate, FLAGS.use_tpu), config=run_config,
        train_batch_size=FLAGS.train_batch_size, eval_batch_size=8, predict_batch_size=5)
    estimator.train(input_fn=input_fn_builder(True, True), max_steps=9)
    result = estimator.evaluate(input_fn=input_fn_builder(False, False), steps=None)
    for key in sorted(result.keys()):
        print('RESULT', key, result[key])
    for i, prediction in enumerate(estimator.predict(input_fn=input_fn_builder(False, False))):
        if i < 4:
            print('RESULT probabilities', *prediction['probabilities'])
    print('RESULT names', *estimator.get_variable_names())


if __name__ == '__main__':
    tf.app.run()
