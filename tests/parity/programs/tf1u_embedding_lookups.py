"""Embeddings in pieces: partition strategies, lookups of sparse ids with weights, a factorization machine."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(21)
FIELDS, FEATURES, K = 3, 12, 4

feat_index = tf.placeholder(tf.int32, [None, FIELDS], name='feat_index')
feat_value = tf.placeholder(tf.float32, [None, FIELDS], name='feat_value')
label = tf.placeholder(tf.float32, [None, 1], name='label')
weights = {
    'feature_embeddings': tf.Variable(rng.randn(FEATURES, K).astype(np.float32) * 0.1, name='feature_embeddings'),
    'feature_bias': tf.Variable(tf.random_uniform([FEATURES, 1], 0.0, 0.0), name='feature_bias'),
    'bias': tf.Variable(tf.constant(0.1), name='bias'),
}
embeddings = tf.nn.embedding_lookup(weights['feature_embeddings'], feat_index)
value = tf.reshape(feat_value, shape=[-1, FIELDS, 1])
embeddings = tf.multiply(embeddings, value)
first = tf.reduce_sum(tf.multiply(tf.nn.embedding_lookup(weights['feature_bias'], feat_index), value), 2)
summed_square = tf.square(tf.reduce_sum(embeddings, 1))
square_summed = tf.reduce_sum(tf.square(embeddings), 1)
second = 0.5 * tf.subtract(summed_square, square_summed)
out = tf.add_n([tf.reduce_sum(first, 1, keep_dims=True), tf.reduce_sum(second, 1, keep_dims=True),
                weights['bias'] * tf.ones_like(label)])
out = tf.nn.sigmoid(out)
loss = tf.losses.log_loss(label, out) + tf.contrib.layers.l2_regularizer(0.01)(weights['feature_embeddings'])
train_op = tf.train.FtrlOptimizer(0.2, l1_regularization_strength=0.001).minimize(loss)

pieces = [tf.Variable(np.arange(8).reshape(4, 2) + 10.0 * i, dtype=tf.float32) for i in range(2)]
ids = tf.constant([0, 1, 5, 6])
mod = tf.nn.embedding_lookup(pieces, ids)
div = tf.nn.embedding_lookup(pieces, ids, partition_strategy='div')
sparse_ids = tf.SparseTensor(indices=[[0, 0], [0, 1], [1, 0], [3, 0]], values=tf.constant([1, 3, 2, 0], tf.int64),
                             dense_shape=[4, 2])
sparse_weights = tf.SparseTensor(indices=[[0, 0], [0, 1], [1, 0], [3, 0]], values=[0.5, 1.5, 2.0, 1.0],
                                 dense_shape=[4, 2])
combined = [tf.nn.embedding_lookup_sparse(pieces[0], sparse_ids, sparse_weights, combiner=c)
            for c in ('sum', 'mean', 'sqrtn')]
default = tf.nn.embedding_lookup_sparse(pieces[0], sparse_ids, None, combiner='mean')
safe = tf.contrib.layers.safe_embedding_lookup_sparse([pieces[0]], sparse_ids, sparse_weights, default_id=2)
bag = tf.sparse_tensor_to_dense(sparse_ids, default_value=-1)
hot = tf.sparse_to_dense([[0, 1], [2, 0]], [3, 3], [1.0, 2.0])
clipped = tf.nn.embedding_lookup(pieces[0], [0, 3], max_norm=1.0)
gathered = tf.gather_nd(pieces[1], [[0, 1], [3, 0]])
updates = tf.scatter_update(pieces[0], [1, 2], [[-1., -1.], [-2., -2.]])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    xi = rng.randint(0, FEATURES, (9, FIELDS))
    xv = rng.rand(9, FIELDS)
    y = rng.randint(0, 2, (9, 1))
    for i in range(4):
        l, _ = sess.run((loss, train_op), feed_dict={feat_index: xi, feat_value: xv, label: y})
        print('RESULT fm', i, l)
    print('RESULT weights', *[float(np.abs(sess.run(weights[k])).sum()) for k in sorted(weights)])
    for name, tensor in (('mod', mod), ('div', div), ('bag', bag), ('hot', hot), ('default', default), ('safe', safe),
                         ('clipped', clipped), ('gathered', gathered)):
        print('RESULT', name, *sess.run(tensor).ravel())
    for tensor in combined:
        print('RESULT combined', *np.nan_to_num(sess.run(tensor)).ravel())
    print('RESULT scattered', *sess.run(updates).ravel())
