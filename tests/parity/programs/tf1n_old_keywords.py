"""Helper functions with the arguments of older TensorFlow releases, called eagerly."""
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()


def pairwise_distances(embeddings, squared=False):
    dot = tf.matmul(embeddings, tf.transpose(embeddings))
    square_norm = tf.diag_part(dot)
    distances = tf.expand_dims(square_norm, 0) - 2.0 * dot + tf.expand_dims(square_norm, dim=1)
    distances = tf.maximum(distances, 0.0)
    if not squared:
        mask = tf.to_float(tf.equal(distances, 0.0))
        distances = tf.sqrt(distances + mask * 1e-16) * (1.0 - mask)
    return distances


def dense(x, w, b, keep_prob):
    h = tf.nn.relu(tf.nn.bias_add(tf.matmul(x, w), b))
    return tf.nn.dropout(h, keep_prob)


def attention(scores, values):
    weights = tf.nn.softmax(scores, dim=1)
    return tf.reduce_sum(weights * values, reduction_indices=[1], keep_dims=True), weights


rng = np.random.RandomState(6)
a = tf.constant(rng.randn(4, 3), tf.float32)
w = tf.constant(rng.randn(3, 2), tf.float32)
print('RESULT distances', *pairwise_distances(a).numpy().ravel())
print('RESULT dense', *dense(a, w, tf.ones([2]), keep_prob=1.0).numpy().ravel())
out, weights = attention(a, a * 2.0)
print('RESULT attention', *(list(out.numpy().ravel()) + list(tf.shape(out).numpy())))
print('RESULT argmax', *tf.argmax(a, dimension=1).numpy(), *tf.arg_min(a, 0).numpy())
print('RESULT normal', *tf.nn.l2_normalize(a, dim=1).numpy()[0], tf.norm(a, axis=1, keep_dims=True).shape[1].value)
print('RESULT squeeze', *tf.squeeze(tf.zeros([1, 2, 1]), squeeze_dims=[0]).shape.as_list())
print('RESULT logsumexp', *tf.reduce_logsumexp(a, 1, True).numpy().ravel())
print('RESULT moments', *[float(tf.reduce_sum(m)) for m in tf.nn.moments(a, axes=[0], keep_dims=True)])
print('RESULT cumsum', *tf.cumsum(a, axis=1).numpy()[1], *tf.reverse(a, axis=[1]).numpy()[0])
print('RESULT misc', tf.count_nonzero(a > 0, axis=0).numpy().sum(), tf.lgamma(4.5).numpy(), tf.erf(0.3).numpy(), tf.digamma(2.0).numpy())
print('RESULT confusion', *tf.confusion_matrix([0, 1, 1], [0, 1, 0], num_classes=2).numpy().ravel())
print('RESULT linalg', tf.trace(tf.matmul(a, a, transpose_a=True)).numpy(), tf.matrix_determinant(tf.matmul(a, a, transpose_a=True)).numpy())
print('RESULT band', *tf.matrix_band_part(tf.ones([3, 3]), -1, 0).numpy().ravel())
print('RESULT casts', tf.to_int32(2.7).numpy(), tf.to_int64([1.2]).numpy()[0], tf.floordiv(7, 2).numpy(), tf.mod(-7, 3).numpy())
print('RESULT where', *tf.where(a > 0.5).numpy().ravel())
with tf.GradientTape() as tape:
    tape.watch(a)
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.nn.softmax(a), logits=a * 2.0))
print('RESULT gradient', loss.numpy(), *tape.gradient(loss, a).numpy().ravel())
print('RESULT weighted', *tf.nn.weighted_cross_entropy_with_logits(targets=tf.ones([2]), logits=tf.constant([0.5, -1.0]), pos_weight=2.0).numpy())
x = tf.reshape(tf.range(32, dtype=tf.float32), [1, 4, 4, 2])
k = tf.ones([2, 2, 2, 1])
print('RESULT conv', *tf.nn.conv2d(input=x, filter=k, strides=[1, 2, 2, 1], padding='SAME').numpy().ravel())
print('RESULT pool', *tf.nn.max_pool(value=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='VALID').numpy().ravel())
