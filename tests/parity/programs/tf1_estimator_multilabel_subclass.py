"""An Estimator subclass that hands its model to the constructor, multi-metric evaluation and a hook that feeds data."""
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.estimator import Estimator, EstimatorSpec, ModeKeys
from tensorflow.python.estimator.inputs import numpy_io

tf.logging.set_verbosity(tf.logging.ERROR)


class TagModel(Estimator):
    """Tags of a document, each with its own sigmoid."""

    def __init__(self, vocabulary, tags, rate=.5, model_dir=None, config=None):
        def _model_fn(features, labels, mode, params):
            state = np.random.RandomState(9)
            embedding = tf.get_variable('words', [vocabulary, 3], initializer=tf.constant_initializer(state.normal(0, .4, (vocabulary, 3))))
            words = tf.nn.embedding_lookup(embedding, features['words'])
            mask = tf.sequence_mask(features['length'], 4, tf.float32)
            mean = tf.reduce_sum(words * mask[:, :, None], 1) / tf.cast(features['length'], tf.float32)[:, None]
            logits = tf.layers.dense(mean, tags, kernel_initializer=tf.constant_initializer(state.normal(0, .4, (3, tags))))
            probabilities = tf.nn.sigmoid(logits, name='probabilities')
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions={'probabilities': probabilities, 'tags': probabilities > params['limit']})
            loss = tf.losses.sigmoid_cross_entropy(labels, logits)
            train_op = None
            if mode == ModeKeys.TRAIN:
                optimizer = tf.train.AdagradOptimizer(rate)
                gradients, variables = zip(*optimizer.compute_gradients(loss))
                gradients, _ = tf.clip_by_global_norm(gradients, 1.)
                train_op = optimizer.apply_gradients(zip(gradients, variables), global_step=tf.train.get_global_step())
            hits = tf.cast(probabilities > params['limit'], tf.float32)
            metrics = {'precision': tf.metrics.precision(labels, hits), 'recall': tf.metrics.recall(labels, hits),
                       'mean/probability': tf.metrics.mean(probabilities)}
            return EstimatorSpec(mode=mode, loss=loss, train_op=train_op, eval_metric_ops=metrics)
        super(TagModel, self).__init__(model_fn=_model_fn, model_dir=model_dir, config=config, params={'limit': .45})

    def tag(self, x):
        return [p['tags'].astype(int) for p in self.predict(numpy_io.numpy_input_fn(x, num_epochs=1, shuffle=False))]


rng = np.random.RandomState(22)
x = {'words': rng.randint(0, 12, (18, 4)), 'length': rng.randint(1, 5, 18)}
y = (rng.uniform(0, 1, (18, 3)) > .5).astype(np.float32)
model = TagModel(12, 3, model_dir=tempfile.mkdtemp(), config=tf.estimator.RunConfig(save_checkpoints_secs=60))
model.train(numpy_io.numpy_input_fn(x, y, batch_size=6, num_epochs=4, shuffle=False))
result = model.evaluate(numpy_io.numpy_input_fn(x, y, batch_size=18, num_epochs=1, shuffle=False))
for key in sorted(result):
    print('RESULT', key, result[key])
print('RESULT tags', *np.ravel(model.tag({k: v[:3] for k, v in x.items()})))
only = [p for p in model.predict(numpy_io.numpy_input_fn(x, shuffle=False), predict_keys=['probabilities'])]
print('RESULT only', len(only), *sorted(only[0]), *only[0]['probabilities'])
print('RESULT step', model.get_variable_value('global_step'))
