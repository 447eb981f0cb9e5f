"""tf.contrib.learn in its last years: a canned estimator with contrib's columns, an Experiment-less fit and evaluate."""
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
learn = tf.contrib.learn
layers = tf.contrib.layers
rng = np.random.RandomState(18)
x_train = rng.rand(20, 2).astype(np.float32)
y_train = (x_train[:, 0] > x_train[:, 1]).astype(np.int64)


def input_fn():
    features = {'a': tf.constant(x_train[:, :1]), 'b': tf.constant(x_train[:, 1:]),
                'kind': tf.SparseTensor([[i, 0] for i in range(20)], ['u' if i % 2 else 'v' for i in range(20)], [20, 1])}
    return features, tf.constant(y_train)


a = layers.real_valued_column('a')
b = layers.real_valued_column('b')
kind = layers.sparse_column_with_keys('kind', ['u', 'v'])
bucket = layers.bucketized_column(a, boundaries=[.3, .6])
classifier = learn.LinearClassifier(feature_columns=[a, b, kind, bucket], model_dir=tempfile.mkdtemp(),
                                    optimizer=tf.train.GradientDescentOptimizer(0.5))
classifier.fit(input_fn=input_fn, steps=6)
scores = classifier.evaluate(input_fn=input_fn, steps=1)
for key in ('accuracy', 'auc', 'loss', 'global_step'):
    print('RESULT', key, scores[key])
print('RESULT predicted', *list(classifier.predict_classes(input_fn=input_fn))[:5])
print('RESULT probabilities', *[p[1] for p in classifier.predict_proba(input_fn=input_fn)][:3])


def model_fn(features, targets, mode, params):
    hidden = layers.relu(features, 4, weights_initializer=tf.constant_initializer(0.2))
    output = layers.linear(hidden, 1, weights_initializer=tf.constant_initializer(0.3))
    predictions = tf.reshape(output, [-1])
    loss = tf.losses.mean_squared_error(tf.cast(targets, tf.float32), predictions)
    train_op = layers.optimize_loss(loss=loss, global_step=tf.contrib.framework.get_global_step(),
                                    learning_rate=params['learning_rate'], optimizer='SGD')
    return learn.ModelFnOps(mode=mode, predictions={'value': predictions}, loss=loss, train_op=train_op,
                            eval_metric_ops={'rmse': tf.metrics.root_mean_squared_error(tf.cast(targets, tf.float32), predictions)})


regressor = learn.Estimator(model_fn=model_fn, params={'learning_rate': 0.1})
regressor.fit(x=x_train, y=y_train, steps=5, batch_size=20)
result = regressor.evaluate(x=x_train, y=y_train, steps=1)
print('RESULT rmse', result['rmse'], result['loss'])
print('RESULT values', *[p['value'] for p in regressor.predict(x=x_train[:3], as_iterable=True)])
