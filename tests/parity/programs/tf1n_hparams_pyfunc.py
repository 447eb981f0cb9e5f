"""HParams and numpy functions inside a dataset; softplus regression in eager mode."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.training import HParams

tf.enable_eager_execution()
hparams = HParams(batch_size=4, learning_rate=0.1, hidden=[3, 2], activation='softplus', clip=None, use_bias=True)
hparams.parse('learning_rate=0.2,hidden=[4,2],use_bias=false')
hparams.add_hparam('decay', 0.5)
print('RESULT hparams', hparams.batch_size, hparams.learning_rate, *hparams.hidden)
print('RESULT values', len(hparams.values()), 'decay' in hparams, hparams.use_bias, hparams.get('missing', 3))


def augment(x, y):
    noise = np.sin(x * 10).astype(np.float32)
    return x + 0.1 * noise, np.float32(y * 2)


def _py(x, y):
    x, y = tf.py_func(augment, [x, y], [tf.float32, tf.float32])
    x.set_shape([3])
    y.set_shape([])
    return x, y


rng = np.random.RandomState(14)
features = rng.randn(8, 3).astype(np.float32)
targets = features.sum(1).astype(np.float32)
ds = tf.data.Dataset.from_tensor_slices((features, targets)).map(_py).batch(hparams.batch_size)
w = tf.Variable(tf.random_uniform([3, 1], -0.0, 0.0) + 0.1, name='w')
optimizer = tf.train.ProximalAdagradOptimizer(hparams.learning_rate, initial_accumulator_value=0.1)
act = getattr(tf.nn, hparams.activation)
for epoch in range(2):
    for x, y in ds:
        with tf.GradientTape() as tape:
            out = act(tf.matmul(x, w))
            loss = tf.reduce_mean(tf.abs(tf.squeeze(out, -1) - y))
        grads = tape.gradient(loss, [w])
        optimizer.apply_gradients(zip(grads, [w]))
        print('RESULT loss', epoch, loss.numpy())
scale = tf.py_func(lambda a: a.sum(keepdims=True), [w], tf.float32, stateful=False, name='sum')
print('RESULT weights', *w.numpy().ravel(), scale.numpy()[0, 0])
