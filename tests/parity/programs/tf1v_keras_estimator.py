"""A tf.keras model turned into an estimator, trained by an input_fn, and a model_fn that calls keras layers."""
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
rng = np.random.RandomState(8)
X = rng.rand(32, 4, 4, 1).astype(np.float32)
Y = (X.mean(axis=(1, 2, 3)) > 0.5).astype(np.int64)


def create_model(data_format='channels_last'):
    l = tf.keras.layers
    return tf.keras.Sequential([
        l.Reshape(target_shape=[4, 4, 1], input_shape=(16,)),
        l.Conv2D(3, 3, padding='same', data_format=data_format, activation=tf.nn.relu,
                 kernel_initializer=tf.constant_initializer(rng.randn(3, 3, 1, 3) * 0.3)),
        l.MaxPooling2D((2, 2), (2, 2), padding='same', data_format=data_format),
        l.Flatten(),
        l.Dense(4, activation=tf.nn.relu, kernel_initializer=tf.constant_initializer(rng.randn(12, 4) * 0.3)),
        l.Dropout(0.4),
        l.Dense(2, kernel_initializer=tf.constant_initializer(rng.randn(4, 2)))])


def model_fn(features, labels, mode, params):
    model = create_model(params['data_format'])
    image = features
    if isinstance(image, dict):
        image = features['image']
    if mode == tf.estimator.ModeKeys.PREDICT:
        logits = model(image, training=False)
        predictions = {'classes': tf.argmax(logits, axis=1), 'probabilities': tf.nn.softmax(logits)}
        return tf.estimator.EstimatorSpec(
            mode=tf.estimator.ModeKeys.PREDICT, predictions=predictions,
            export_outputs={'classify': tf.estimator.export.PredictOutput(predictions)})
    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.AdamOptimizer(learning_rate=1e-2)
        logits = model(image, training=False)
        loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
        accuracy = tf.metrics.accuracy(labels=labels, predictions=tf.argmax(logits, axis=1))
        tf.identity(1e-2, 'learning_rate')
        tf.identity(loss, 'cross_entropy')
        tf.identity(accuracy[1], name='train_accuracy')
        tf.summary.scalar('train_accuracy', accuracy[1])
        return tf.estimator.EstimatorSpec(
            mode=tf.estimator.ModeKeys.TRAIN, loss=loss,
            train_op=optimizer.minimize(loss, tf.train.get_or_create_global_step()))
    logits = model(image, training=False)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    return tf.estimator.EstimatorSpec(
        mode=tf.estimator.ModeKeys.EVAL, loss=loss,
        eval_metric_ops={'accuracy': tf.metrics.accuracy(labels=labels, predictions=tf.argmax(logits, axis=1))})


def train_input_fn():
    ds = tf.data.Dataset.from_tensor_slices((X.reshape(32, 16), Y))
    return ds.cache().batch(8).repeat(2)


def eval_input_fn():
    return tf.data.Dataset.from_tensor_slices((X.reshape(32, 16), Y)).batch(16).make_one_shot_iterator().get_next()


classifier = tf.estimator.Estimator(model_fn=model_fn, model_dir=tempfile.mkdtemp(), params={'data_format': 'channels_last'})
hook = tf.train.LoggingTensorHook(['learning_rate', 'cross_entropy', 'train_accuracy'], every_n_iter=100)
for _ in range(2):
    classifier.train(input_fn=train_input_fn, hooks=[hook])
    eval_results = classifier.evaluate(input_fn=eval_input_fn)
    print('RESULT eval', *[eval_results[k] for k in ('accuracy', 'global_step', 'loss')])
predicted = list(classifier.predict(lambda: tf.data.Dataset.from_tensor_slices({'image': X.reshape(32, 16)[:4]}).batch(4)))
print('RESULT classes', *[p['classes'] for p in predicted])
print('RESULT probabilities', *[p['probabilities'][0] for p in predicted])

inputs = tf.keras.Input(shape=(16,), name='pixels')
hidden = tf.keras.layers.Dense(5, activation='tanh', kernel_initializer=tf.constant_initializer(rng.randn(16, 5) * .2))(inputs)
outputs = tf.keras.layers.Dense(1, activation='sigmoid', kernel_initializer='ones')(hidden)
keras_model = tf.keras.Model(inputs, outputs)
keras_model.compile(optimizer=tf.train.MomentumOptimizer(0.1, 0.9), loss='binary_crossentropy', metrics=['accuracy'])
estimator = tf.keras.estimator.model_to_estimator(keras_model=keras_model, model_dir=tempfile.mkdtemp())


def keras_input_fn():
    ds = tf.data.Dataset.from_tensor_slices(({'pixels': X.reshape(32, 16)}, Y.reshape(-1, 1).astype(np.float32)))
    return ds.batch(8).repeat(3)


estimator.train(input_fn=keras_input_fn, steps=10)
scores = estimator.evaluate(input_fn=keras_input_fn, steps=4)
print('RESULT keras', *[scores[k] for k in sorted(scores)])
