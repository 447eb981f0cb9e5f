"""Feature columns used by hand in a graph: input_layer and linear_model, tables, a session."""
import numpy as np
import tensorflow as tf

fc = tf.feature_column
rng = np.random.RandomState(1)
features = {
    'age': rng.uniform(18, 70, (10, 1)).astype(np.float32),
    'income': rng.uniform(1, 9, (10, 1)).astype(np.float32),
    'job': np.array([['clerk'], ['chef'], ['nurse'], ['chef'], ['clerk'], ['pilot'], ['nurse'], ['chef'], ['clerk'], ['nurse']]),
    'zone': rng.randint(0, 4, (10, 1)).astype(np.int64),
}
labels = (features['age'] > 40).astype(np.float32)

age = fc.numeric_column('age', normalizer_fn=lambda v: (v - 40.) / 20.)
income = fc.numeric_column('income')
age_buckets = fc.bucketized_column(fc.numeric_column('age'), boundaries=[25, 35, 45, 60])
job = fc.categorical_column_with_vocabulary_list('job', ['clerk', 'chef', 'nurse'], default_value=0)
zone = fc.categorical_column_with_identity('zone', num_buckets=4)
table = rng.randn(4, 2).astype(np.float32)
zone_embedding = fc.embedding_column(zone, dimension=2, combiner='mean', initializer=tf.constant_initializer(table))
job_indicator = fc.indicator_column(job)
crossed = fc.crossed_column([age_buckets, zone], hash_bucket_size=11)

dataset = tf.data.Dataset.from_tensor_slices((features, labels)).batch(5).repeat()
iterator = dataset.make_one_shot_iterator()
batch, target = iterator.get_next()

dense = fc.input_layer(batch, [age, income, age_buckets, zone_embedding, job_indicator])
wide = fc.linear_model(batch, [age_buckets, job, crossed], units=1)
with tf.variable_scope('deep'):
    hidden = tf.layers.dense(dense, 4, activation=tf.nn.relu, kernel_initializer=tf.constant_initializer(0.05))
    deep = tf.layers.dense(hidden, 1, kernel_initializer=tf.constant_initializer(0.1))
logits = wide + deep
loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logits))
train_op = tf.train.AdagradOptimizer(0.1).minimize(loss, global_step=tf.train.get_or_create_global_step())

print('RESULT width', dense.get_shape().as_list()[1])
print('RESULT variables', len(tf.trainable_variables()))
with tf.Session() as sess:
    sess.run((tf.global_variables_initializer(), tf.tables_initializer()))
    first = sess.run(dense)
    print('RESULT dense', *np.round(first[0], 5))
    print('RESULT sums', *first.sum(axis=0))
    for step in range(6):
        _, value = sess.run([train_op, loss])
        print('RESULT loss', step, value)
    print('RESULT step', sess.run(tf.train.get_global_step()))
    print('RESULT weights', *[float(np.abs(v).sum()) for v in sess.run(tf.trainable_variables())])
