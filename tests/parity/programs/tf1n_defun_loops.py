"""tf.function and defun of TensorFlow 1.15: loops over time, while_loop, cond, map_fn and scan."""
import numpy as np
import tensorflow as tf

tf.compat.v1.enable_eager_execution()
tfe = tf.contrib.eager
rng = np.random.RandomState(17)
wx = tf.Variable(rng.randn(2, 3) * 0.5, dtype=tf.float32)
wh = tf.Variable(rng.randn(3, 3) * 0.5, dtype=tf.float32)


@tfe.defun
def unroll(x, h):
    outputs = []
    for t in range(x.shape[1].value):
        h = tf.tanh(tf.matmul(x[:, t], wx) + tf.matmul(h, wh))
        outputs.append(h)
    return tf.stack(outputs, axis=1), h


@tf.function
def power(x, n):
    result = tf.ones_like(x)
    for _ in tf.range(n):
        result *= x
    return result


def collatz(n):
    def body(i, steps):
        return tf.cond(tf.equal(tf.mod(i, 2), 0), lambda: tf.div(i, 2), lambda: 3 * i + 1), steps + 1
    return tf.while_loop(lambda i, s: i > 1, body, [tf.constant(n), tf.constant(0)])[1]


x = tf.constant(rng.randn(2, 4, 2), tf.float32)
with tf.GradientTape() as tape:
    sequence, last = unroll(x, tf.zeros([2, 3]))
    loss = tf.reduce_sum(tf.square(sequence))
print('RESULT loss', loss.numpy(), *last.numpy().ravel())
for g in tape.gradient(loss, [wx, wh]):
    print('RESULT gradient', *g.numpy().ravel())
print('RESULT power', power(tf.constant(1.5), tf.constant(4)).numpy(), *[collatz(n).numpy() for n in (6, 7, 27)])
print('RESULT map', *tf.map_fn(lambda v: v * v, tf.range(4)).numpy(), *tf.scan(lambda a, v: a + v, tf.range(5)).numpy())
print('RESULT fold', tf.foldl(lambda a, v: a * 2 + v, tf.constant([1, 0, 1])).numpy())
array = tf.TensorArray(tf.float32, size=3)
for i in range(3):
    array = array.write(i, tf.constant(float(i)) ** 2)
print('RESULT array', *array.stack().numpy())


@tf.custom_gradient
def clip_grad(v):
    return tf.identity(v), lambda dy: tf.clip_by_value(dy, -0.1, 0.1)


grad = tfe.gradients_function(lambda v: tf.reduce_sum(clip_grad(v) * 3.0))
print('RESULT clipped', *grad(tf.constant([1.0, 2.0]))[0].numpy())
second = tfe.gradients_function(tfe.gradients_function(lambda v: v ** 3))
print('RESULT second', second(2.0)[0].numpy())
