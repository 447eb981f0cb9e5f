"""Old argument names: reduction_indices, keep_dims, dimension=, dim=, seq_dim, squeeze_dims."""
import numpy as np
import tensorflow as tf

a = tf.constant(np.random.RandomState(41).randn(3, 4, 2), tf.float32)
m = tf.reduce_sum(a, 2)

results = [
    ('sum', tf.reduce_sum(a, reduction_indices=[1])),
    ('mean', tf.reduce_mean(a, reduction_indices=[0, 2], keep_dims=True)),
    ('max', tf.reduce_max(a, 1, True)),
    ('logsumexp', tf.reduce_logsumexp(m, axis=1, keep_dims=True)),
    ('prod', tf.reduce_prod(m, 0, keep_dims=False)),
    ('argmin', tf.argmin(m, dimension=1)),
    ('argmax', tf.argmax(m, dimension=0)),
    ('arg_max', tf.arg_max(m, 1)),
    ('arg_min', tf.arg_min(m, 0)),
    ('argmax_default', tf.argmax(m)),
    ('softmax', tf.nn.softmax(m, dim=0)),
    ('log_softmax', tf.nn.log_softmax(m, dim=0)),
    ('l2_normalize', tf.nn.l2_normalize(m, dim=1)),
    ('expand', tf.squeeze(tf.expand_dims(m, dim=1), squeeze_dims=[1])),
    ('reverse', tf.reverse_sequence(m, [2, 4, 1], seq_dim=1, batch_dim=0)),
    ('norm', tf.norm(m, axis=1, keep_dims=True)),
    ('cumsum', tf.cumsum(m, axis=1, exclusive=True)),
    ('count', tf.count_nonzero(m > 0, axis=1, keep_dims=True)),
    ('any', tf.reduce_any(m > 1.0, reduction_indices=1)),
    ('split', tf.split(m, 2, 1)[1]),
    ('split_axis', tf.split(value=m, num_or_size_splits=[1, 3], axis=1)[0]),
    ('weighted', tf.nn.weighted_cross_entropy_with_logits(targets=tf.ones([3]), logits=m[:, 0], pos_weight=2.0)),
]
mean, var = tf.nn.moments(m, [0], keep_dims=True)

with tf.Session() as sess:
    for name, tensor in results:
        value = sess.run(tensor)
        print('RESULT', name, *(list(value.shape) + list(value.ravel().astype(np.float64))))
    print('RESULT moments', *np.concatenate(sess.run([mean, var])).ravel())
