"""Convolutional classifier as a custom Estimator: one spec for three modes, numpy input functions, a logging hook."""
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)


def cnn_model_fn(features, labels, mode):
    input_layer = tf.reshape(features['x'], [-1, 8, 8, 1])
    kernel = np.random.RandomState(1)
    conv1 = tf.layers.conv2d(inputs=input_layer, filters=4, kernel_size=[3, 3], padding='same', activation=tf.nn.relu,
                             kernel_initializer=tf.constant_initializer(kernel.normal(0, .3, (3, 3, 1, 4))))
    pool1 = tf.layers.max_pooling2d(inputs=conv1, pool_size=[2, 2], strides=2)
    flat = tf.reshape(pool1, [-1, 4 * 4 * 4])
    dense = tf.layers.dense(inputs=flat, units=6, activation=tf.nn.relu,
                            kernel_initializer=tf.constant_initializer(kernel.normal(0, .2, (64, 6))))
    dropout = tf.layers.dropout(inputs=dense, rate=0.0, training=mode == tf.estimator.ModeKeys.TRAIN)
    logits = tf.layers.dense(inputs=dropout, units=3,
                             kernel_initializer=tf.constant_initializer(kernel.normal(0, .4, (6, 3))))
    predictions = {
        'classes': tf.argmax(input=logits, axis=1),
        'probabilities': tf.nn.softmax(logits, name='softmax_tensor'),
    }
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.GradientDescentOptimizer(learning_rate=0.05)
        train_op = optimizer.minimize(loss=loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)
    eval_metric_ops = {
        'accuracy': tf.metrics.accuracy(labels=labels, predictions=predictions['classes']),
        'top': tf.metrics.mean(tf.reduce_max(predictions['probabilities'], 1)),
    }
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, eval_metric_ops=eval_metric_ops)


class Losses(tf.train.SessionRunHook):
    def begin(self):
        self.values = []

    def before_run(self, run_context):
        return tf.train.SessionRunArgs([tf.train.get_global_step(), tf.get_collection(tf.GraphKeys.LOSSES)[0]])

    def after_run(self, run_context, run_values):
        self.values.append(run_values.results[1])

    def end(self, session):
        print('RESULT steps', len(self.values), session.run(tf.train.get_global_step()))


def main(unused_argv):
    rng = np.random.RandomState(3)
    train_data = rng.uniform(0, 1, (20, 64)).astype(np.float32)
    train_labels = (train_data[:, :30].sum(1) * 10 % 3).astype(np.int32)
    mnist_classifier = tf.estimator.Estimator(model_fn=cnn_model_fn, model_dir=tempfile.mkdtemp())
    losses = Losses()
    logging_hook = tf.train.LoggingTensorHook(tensors={'probabilities': 'softmax_tensor'}, every_n_iter=50)
    train_input_fn = tf.estimator.inputs.numpy_input_fn(x={'x': train_data}, y=train_labels, batch_size=5,
                                                        num_epochs=None, shuffle=False)
    mnist_classifier.train(input_fn=train_input_fn, steps=7, hooks=[logging_hook, losses])
    print('RESULT losses', *losses.values)
    eval_input_fn = tf.estimator.inputs.numpy_input_fn(x={'x': train_data}, y=train_labels, batch_size=8, num_epochs=1,
                                                       shuffle=False)
    for name, value in sorted(mnist_classifier.evaluate(input_fn=eval_input_fn).items()):
        print('RESULT', name, value)
    two = mnist_classifier.evaluate(eval_input_fn, steps=2, name='first')
    print('RESULT two', two['loss'], two['accuracy'], two['global_step'])
    predicted = mnist_classifier.predict(tf.estimator.inputs.numpy_input_fn({'x': train_data[:3]}, shuffle=False))
    for one in predicted:
        print('RESULT predicted', one['classes'], *one['probabilities'])
    print('RESULT names', *mnist_classifier.get_variable_names())


if __name__ == '__main__':
    tf.app.run()
