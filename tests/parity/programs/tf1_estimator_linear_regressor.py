"""Canned LinearRegressor for house prices: pandas input function, buckets and a cross, default Ftrl."""
import tempfile

import numpy as np
import pandas as pd
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
rng = np.random.RandomState(4)
frame = pd.DataFrame({
    'rooms': rng.randint(1, 7, 32).astype(np.float32),
    'income': rng.uniform(1, 9, 32).astype(np.float32),
    'region': rng.choice(['north', 'south', 'east'], 32),
})
prices = pd.Series(frame['rooms'] * 2. + frame['income'] + (frame['region'] == 'north') * 3., name='price')

rooms = tf.feature_column.numeric_column('rooms')
income = tf.feature_column.bucketized_column(tf.feature_column.numeric_column('income'), [3., 5., 7.])
region = tf.feature_column.categorical_column_with_vocabulary_list('region', ['north', 'south'], num_oov_buckets=1)
crossed = tf.feature_column.crossed_column([income, region], hash_bucket_size=20)


def inputs(epochs):
    return tf.estimator.inputs.pandas_input_fn(x=frame, y=prices, batch_size=8, num_epochs=epochs, shuffle=False)


regressor = tf.estimator.LinearRegressor([rooms, income, region, crossed], model_dir=tempfile.mkdtemp())
for round_ in range(2):
    regressor.train(inputs(None), steps=6)
    result = regressor.evaluate(inputs(1))
    print('RESULT round', round_, *[result[key] for key in sorted(result)])
print('RESULT keys', *sorted(result))
values = [p['predictions'][0] for p in regressor.predict(inputs(1))]
print('RESULT values', *values[:6])
print('RESULT bias', *regressor.get_variable_value('linear/linear_model/bias_weights'))
print('RESULT income', *regressor.get_variable_value('linear/linear_model/income_bucketized/weights').ravel())

clipped = tf.estimator.LinearRegressor(
    feature_columns=[rooms, region], label_dimension=1, model_dir=tempfile.mkdtemp(),
    optimizer=lambda: tf.train.AdamOptimizer(tf.train.polynomial_decay(.2, tf.train.get_global_step(), 10)))
clipped.train(inputs(2))
print('RESULT adam', *[clipped.evaluate(inputs(1))[key] for key in ('average_loss', 'prediction/mean', 'global_step')])
