"""Custom Estimator: model_fn with EstimatorSpec for the three modes, numpy input functions."""
import tempfile
import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)


def my_model(features, labels, mode, params):
    net = tf.feature_column.input_layer(features, params['feature_columns'])
    for i, units in enumerate(params['hidden_units']):
        net = tf.layers.dense(net, units=units, activation=tf.nn.relu, kernel_initializer=tf.constant_initializer(0.1 * (i + 1)),
                              bias_initializer=tf.constant_initializer(np.linspace(-.5, .5, units)))
    logits = tf.layers.dense(net, params['n_classes'], activation=None,
                             kernel_initializer=tf.constant_initializer(np.linspace(-1, 1, params['hidden_units'][-1] * params['n_classes'])))
    predicted_classes = tf.argmax(logits, 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        predictions = {'class_ids': predicted_classes[:, tf.newaxis], 'probabilities': tf.nn.softmax(logits), 'logits': logits}
        return tf.estimator.EstimatorSpec(mode, predictions=predictions)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    accuracy = tf.metrics.accuracy(labels=labels, predictions=predicted_classes, name='acc_op')
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={'accuracy': accuracy})
    assert mode == tf.estimator.ModeKeys.TRAIN
    optimizer = tf.train.AdagradOptimizer(learning_rate=0.1)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def main(argv):
    rng = np.random.RandomState(5)
    train = {'length': rng.rand(24), 'width': rng.rand(24)}
    y = ((train['length'] > .5).astype(int) + (train['width'] > .6)).astype(np.int32)
    columns = [tf.feature_column.numeric_column(key=key) for key in sorted(train)]
    classifier = tf.estimator.Estimator(model_fn=my_model, model_dir=tempfile.mkdtemp(),
                                        config=tf.estimator.RunConfig(save_checkpoints_steps=50, tf_random_seed=1),
                                        params={'feature_columns': columns, 'hidden_units': [6, 4], 'n_classes': 3})
    train_fn = tf.estimator.inputs.numpy_input_fn(train, y, batch_size=8, num_epochs=None, shuffle=False)
    eval_fn = tf.estimator.inputs.numpy_input_fn(train, y, batch_size=24, num_epochs=1, shuffle=False)
    for steps in (3, 3):
        classifier.train(input_fn=train_fn, steps=steps)
        result = classifier.evaluate(input_fn=eval_fn)
        print('RESULT eval', result['global_step'], result['loss'], result['accuracy'])
    predict_fn = tf.estimator.inputs.numpy_input_fn({k: v[:2] for k, v in train.items()}, num_epochs=1, shuffle=False)
    for p in classifier.predict(input_fn=predict_fn):
        print('RESULT probabilities', *p['probabilities'])
        print('RESULT class', p['class_ids'][0])
    print('RESULT bias', *classifier.get_variable_value('dense_2/bias'))


if __name__ == '__main__':
    tf.app.run(main)
