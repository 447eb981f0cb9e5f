"""Canned DNNClassifier on the iris idea: numeric columns, default Adagrad, known first weights."""
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)


class Known(tf.train.SessionRunHook):
    """Starts the layers from known values."""

    def after_create_session(self, session, coord):
        state = np.random.RandomState(5)
        for variable in tf.trainable_variables():
            if '/kernel' in variable.name:
                variable.load(state.normal(0, .3, variable.shape.as_list()), session)


rng = np.random.RandomState(21)
FEATURES = ['sepal_length', 'sepal_width', 'petal_length']
train_x = {name: rng.uniform(0, 5, 36).astype(np.float32) for name in FEATURES}
train_y = (sum(train_x.values()) % 3).astype(np.int64)

columns = [tf.feature_column.numeric_column(key=key) for key in FEATURES]
config = tf.estimator.RunConfig(tf_random_seed=42, save_summary_steps=5)
classifier = tf.estimator.DNNClassifier(feature_columns=columns, hidden_units=[6, 5], n_classes=3, config=config,
                                        model_dir=tempfile.mkdtemp())
train_input = tf.estimator.inputs.numpy_input_fn(train_x, train_y, batch_size=12, num_epochs=None, shuffle=False)
classifier.train(train_input, steps=1, hooks=[Known()])
print('RESULT kernel', *classifier.get_variable_value('dnn/hiddenlayer_0/kernel').ravel())
classifier.train(train_input, steps=8)
eval_input = tf.estimator.inputs.numpy_input_fn(train_x, train_y, batch_size=10, num_epochs=1, shuffle=False)
scores = classifier.evaluate(eval_input)
for key in sorted(scores):
    print('RESULT', key, scores[key])
predictions = list(classifier.predict(tf.estimator.inputs.numpy_input_fn({k: v[:4] for k, v in train_x.items()}, shuffle=False)))
print('RESULT keys', *sorted(predictions[0]))
for one in predictions:
    print('RESULT one', one['class_ids'][0], one['classes'][0].decode(), *one['probabilities'])
print('RESULT names', *classifier.get_variable_names())
