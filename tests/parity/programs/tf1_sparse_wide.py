"""Wide model on sparse features: SparseTensor ops, embedding_lookup_sparse, factorization machine term."""
import numpy as np
import tensorflow as tf

FEATURES, K = 10, 3
rng = np.random.RandomState(58)
rows = [([0, 3, 7], [1., 1., .5]), ([2, 3], [1., 2.]), ([9], [1.]), ([1, 4, 5, 8], [.2, .4, 1., 1.])]
indices = np.array([[i, j] for i, (cols, _) in enumerate(rows) for j in range(len(cols))], np.int64)
ids_np = np.array([c for cols, _ in rows for c in cols], np.int64)
vals_np = np.array([v for _, vals in rows for v in vals], np.float32)
shape = np.array([len(rows), 4], np.int64)

ids = tf.sparse_placeholder(tf.int64, name='ids')
vals = tf.sparse_placeholder(tf.float32, name='vals')
y = tf.placeholder(tf.float32, [None, 1])

w = tf.get_variable('w', [FEATURES, 1], initializer=tf.constant_initializer(rng.normal(0, .3, (FEATURES, 1))))
v = tf.get_variable('v', [FEATURES, K], initializer=tf.constant_initializer(rng.normal(0, .3, (FEATURES, K))))
linear = tf.nn.embedding_lookup_sparse(w, ids, vals, combiner='sum')
emb = tf.nn.embedding_lookup_sparse(v, ids, vals, combiner='sum')
emb_sq = tf.nn.embedding_lookup_sparse(tf.square(v), ids, tf.SparseTensor(vals.indices, tf.square(vals.values), vals.dense_shape), combiner='sum')
mean_emb = tf.nn.embedding_lookup_sparse(v, ids, None, combiner='mean')
fm = 0.5 * tf.reduce_sum(tf.square(emb) - emb_sq, 1, keep_dims=True)
logits = linear + fm
loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)) + 0.01 * (tf.nn.l2_loss(w) + tf.nn.l2_loss(v))
train_op = tf.train.FtrlOptimizer(0.2, l2_regularization_strength=0.01).minimize(loss)

st = tf.SparseTensor(indices=[[0, 1], [1, 0], [2, 3]], values=[1., 2., 3.], dense_shape=[3, 4])
dense = tf.sparse_tensor_to_dense(st)
product = tf.sparse_tensor_dense_matmul(st, tf.constant(np.arange(8).reshape(4, 2), tf.float32))
summed = tf.sparse_reduce_sum(st, 1)
merged = tf.sparse_concat(0, [st, st])
added = tf.sparse_add(st, tf.SparseTensor([[0, 1], [2, 2]], [5., 6.], [3, 4]))
kept = tf.sparse_retain(st, st.values > 1.5)
soft = tf.sparse_softmax(st)

feed = {ids: tf.SparseTensorValue(indices, ids_np, shape), vals: (indices, vals_np, shape), y: [[1.], [0.], [1.], [0.]]}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(4):
        print('RESULT loss', i, sess.run(loss, feed))
        sess.run(train_op, feed)
    print('RESULT logits', *sess.run(logits, feed).ravel())
    print('RESULT mean_emb', *sess.run(mean_emb, feed)[0])
    print('RESULT dense', *sess.run(dense).ravel())
    print('RESULT product', *sess.run(product).ravel())
    print('RESULT summed', *sess.run(summed))
    print('RESULT merged', *sess.run(merged).dense_shape)
    print('RESULT added', *sess.run(added).values)
    print('RESULT kept', *sess.run(kept).indices.ravel())
    print('RESULT soft', *sess.run(soft).values)
