"""Canned LinearClassifier over feature columns, Dataset input functions."""
import tempfile
import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
rng = np.random.RandomState(15)
N = 30
ages = rng.randint(18, 70, N)
jobs = rng.choice(['clerk', 'sales', 'craft'], N)
hours = rng.uniform(10, 60, N)
income = ((ages / 70. + hours / 60. + (jobs == 'craft')) > 1.3).astype(np.int64)

age = tf.feature_column.numeric_column('age')
hours_col = tf.feature_column.numeric_column('hours', normalizer_fn=lambda v: (v - 35.) / 15.)
age_buckets = tf.feature_column.bucketized_column(age, boundaries=[30, 45, 60])
job = tf.feature_column.categorical_column_with_vocabulary_list('job', ['clerk', 'sales', 'craft'])


def input_fn(num_epochs=1):
    features = {'age': ages.astype(np.float32), 'hours': hours.astype(np.float32), 'job': jobs}
    ds = tf.data.Dataset.from_tensor_slices((features, income))
    return ds.repeat(num_epochs).batch(10)


classifier = tf.estimator.LinearClassifier(feature_columns=[age_buckets, job, hours_col], model_dir=tempfile.mkdtemp(),
                                           optimizer=tf.train.GradientDescentOptimizer(0.2))
classifier.train(input_fn=lambda: input_fn(2))
metrics = classifier.evaluate(input_fn=input_fn)
for key in ('accuracy', 'average_loss', 'loss', 'label/mean', 'global_step'):
    print('RESULT %s %s' % (key, metrics[key]))

probs = [p['probabilities'][1] for p in classifier.predict(input_fn)]
print('RESULT probs', *probs[:4])
print('RESULT bias', *classifier.get_variable_value('linear/linear_model/bias_weights'))
print('RESULT job_weights', *classifier.get_variable_value('linear/linear_model/job/weights').ravel())
