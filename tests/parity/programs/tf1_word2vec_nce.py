"""Skip-gram word2vec with nce_loss; the negative samples are given, nearest words by cosine."""
import collections
import numpy as np
import tensorflow as tf

words = ("the quick brown fox jumps over the lazy dog and the quick dog barks at the brown fox "
         "while the lazy cat sleeps over the warm mat and the dog sleeps too").split()
vocabulary_size = 12
count = [['UNK', -1]]
count.extend(sorted(collections.Counter(words).items(), key=lambda kv: (-kv[1], kv[0]))[:vocabulary_size - 1])
dictionary = {w: i for i, (w, _) in enumerate(count)}
data = [dictionary.get(w, 0) for w in words]
batch_inputs = np.array([data[i] for i in range(1, 17)], np.int32)
batch_labels = np.array([[data[i - 1]] if i % 2 else [data[i + 1]] for i in range(1, 17)], np.int32)

embedding_size, num_sampled = 6, 4
rng = np.random.RandomState(0)
train_inputs = tf.placeholder(tf.int32, shape=[None])
train_labels = tf.placeholder(tf.int32, shape=[None, 1])
embeddings = tf.Variable(rng.uniform(-1.0, 1.0, [vocabulary_size, embedding_size]).astype(np.float32))
embed = tf.nn.embedding_lookup(embeddings, train_inputs)
nce_weights = tf.Variable(rng.normal(0, .4, [vocabulary_size, embedding_size]).astype(np.float32))
nce_biases = tf.Variable(tf.zeros([vocabulary_size]))

sampled = (tf.constant([1, 4, 7, 9], tf.int64), tf.ones([16, 1]) * 0.3, tf.constant([.6, .3, .2, .1]))
loss = tf.reduce_mean(tf.nn.nce_loss(weights=nce_weights, biases=nce_biases, labels=train_labels, inputs=embed,
                                     num_sampled=num_sampled, num_classes=vocabulary_size, sampled_values=sampled))
softmax_loss = tf.reduce_mean(tf.nn.sampled_softmax_loss(nce_weights, nce_biases, train_labels, embed, num_sampled,
                                                         vocabulary_size, sampled_values=sampled))
optimizer = tf.train.GradientDescentOptimizer(1.0).minimize(loss)

norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keep_dims=True))
normalized_embeddings = embeddings / norm
valid_embeddings = tf.nn.embedding_lookup(normalized_embeddings, [1, 2])
similarity = tf.matmul(valid_embeddings, normalized_embeddings, transpose_b=True)

with tf.Session() as session:
    tf.global_variables_initializer().run()
    feed_dict = {train_inputs: batch_inputs, train_labels: batch_labels}
    for step in range(5):
        _, loss_val = session.run([optimizer, loss], feed_dict=feed_dict)
        print('RESULT nce', step, loss_val)
    print('RESULT sampled_softmax', session.run(softmax_loss, feed_dict))
    sim = similarity.eval()
    print('RESULT similarity', *sim[0])
    nearest = (-sim[1]).argsort()[1:4]
    print('RESULT nearest', *[count[k][0] for k in nearest])
    print('RESULT biases', *nce_biases.eval())
