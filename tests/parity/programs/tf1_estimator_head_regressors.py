"""Canned DNNRegressor and DNNLinearCombinedRegressor with weights per example and their own optimizers."""
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow import estimator as est

tf.logging.set_verbosity(tf.logging.ERROR)


class Known(tf.train.SessionRunHook):
    """Starts the layers from known values."""

    def after_create_session(self, session, coord):
        state = np.random.RandomState(5)
        for variable in tf.trainable_variables():
            if '/kernel' in variable.name:
                variable.load(state.normal(0, .3, variable.shape.as_list()), session)


rng = np.random.RandomState(14)
X = {'a': rng.uniform(-1, 1, (20, 2)).astype(np.float32), 'w': rng.uniform(.5, 2, 20).astype(np.float32)}
Y = (X['a'][:, :1] * 3 - X['a'][:, 1:]).astype(np.float32)

vector = tf.feature_column.numeric_column('a', shape=[2])


def feed(epochs):
    return est.inputs.numpy_input_fn(X, Y, batch_size=5, num_epochs=epochs, shuffle=False)


deep = est.DNNRegressor([4, 3], [vector], model_dir=tempfile.mkdtemp(), weight_column='w', activation_fn=tf.nn.tanh,
                        optimizer=tf.train.ProximalAdagradOptimizer(.1, l1_regularization_strength=.001),
                        config=est.RunConfig(tf_random_seed=7))
deep.train(feed(None), steps=1, hooks=[Known()])
print('RESULT initial', *deep.get_variable_value('dnn/logits/kernel').ravel())
deep.train(feed(2))
result = deep.evaluate(feed(1))
for key in sorted(result):
    print('RESULT deep', key, result[key])
print('RESULT predictions', *[p['predictions'][0] for p in deep.predict(feed(1))][:5])

both = est.DNNLinearCombinedRegressor(tempfile.mkdtemp(), [vector], 'SGD', [vector], 'Adam', [3],
                                      loss_reduction=tf.losses.Reduction.SUM_OVER_BATCH_SIZE,
                                      config=est.RunConfig(tf_random_seed=11))
both.train(feed(None), max_steps=6, hooks=[Known()])
result = both.evaluate(feed(1), steps=2)
print('RESULT both', *[result[key] for key in sorted(result)])
print('RESULT linear', *both.get_variable_value('linear/linear_model/a/weights').ravel())
