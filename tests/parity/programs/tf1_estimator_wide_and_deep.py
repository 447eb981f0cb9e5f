"""Wide and deep: DNNLinearCombinedClassifier over crossed, hashed and embedded columns, constant initial embeddings."""
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
rng = np.random.RandomState(31)
N = 40
RAW = {
    'age': rng.randint(17, 80, N).astype(np.float32),
    'education': rng.choice(['hs', 'college', 'phd'], N),
    'occupation': rng.choice(['tech', 'sales', 'craft', 'farm'], N),
}
LABELS = ((RAW['age'] > 40) & (RAW['education'] != 'hs')).astype(np.int32)


def build_model_columns():
    age = tf.feature_column.numeric_column('age')
    education = tf.feature_column.categorical_column_with_vocabulary_list('education', ['hs', 'college', 'phd'])
    occupation = tf.feature_column.categorical_column_with_hash_bucket('occupation', hash_bucket_size=10)
    buckets = tf.feature_column.bucketized_column(age, boundaries=[25, 40, 60])
    wide = [education, occupation, buckets, tf.feature_column.crossed_column(['education', 'occupation'], hash_bucket_size=50)]
    table = np.random.RandomState(0).normal(0, .3, (10, 3))
    deep = [age, tf.feature_column.indicator_column(education),
            tf.feature_column.embedding_column(occupation, dimension=3, initializer=tf.constant_initializer(table))]
    return wide, deep


def input_fn(repeat):
    dataset = tf.data.Dataset.from_tensor_slices((RAW, LABELS))
    return dataset.repeat(repeat).batch(10)


class Zeros(tf.train.SessionRunHook):
    """Starts the hidden layers from known values."""

    def after_create_session(self, session, coord):
        state = np.random.RandomState(5)
        for variable in tf.trainable_variables():
            if '/kernel' in variable.name:
                variable.load(state.normal(0, .1, variable.shape.as_list()), session)


wide, deep = build_model_columns()
run_config = tf.estimator.RunConfig().replace(session_config=tf.ConfigProto(device_count={'GPU': 0}), tf_random_seed=3)
model = tf.estimator.DNNLinearCombinedClassifier(
    model_dir=tempfile.mkdtemp(), linear_feature_columns=wide, dnn_feature_columns=deep, dnn_hidden_units=[8, 4],
    config=run_config, linear_optimizer=tf.train.FtrlOptimizer(.1, l1_regularization_strength=.01), dnn_optimizer='Adagrad')
model.train(input_fn=lambda: input_fn(3), hooks=[Zeros()])
results = model.evaluate(input_fn=lambda: input_fn(1))
for key in sorted(results):
    print('RESULT', key, results[key])
probabilities = [p['logistic'][0] for p in model.predict(lambda: input_fn(1))]
print('RESULT probabilities', *probabilities[:5])
print('RESULT names', *model.get_variable_names())
spec = tf.feature_column.make_parse_example_spec(wide + deep)
print('RESULT spec', *sorted(spec))
receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
folder = model.export_savedmodel(tempfile.mkdtemp(), receiver)
example = tf.train.Example()
example.features.feature['age'].float_list.value.append(44.)
example.features.feature['education'].bytes_list.value.append(b'phd')
example.features.feature['occupation'].bytes_list.value.append(b'tech')
with tf.Session(graph=tf.Graph()) as sess:
    meta = tf.saved_model.loader.load(sess, ['serve'], folder)
    print('RESULT signatures', *sorted(meta.signature_def))
    scores = meta.signature_def['classification']
    print('RESULT scores', *sess.run(scores.outputs['scores'].name, {scores.inputs['inputs'].name: [example.SerializeToString()]})[0])
