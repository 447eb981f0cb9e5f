"""HParams driven bag-of-words model with contrib.lookup vocabulary tables."""
import os
import tempfile
import numpy as np
import tensorflow as tf
from tensorflow.contrib import lookup
from tensorflow.contrib.training import HParams


def default_hparams():
    return HParams(learning_rate=0.1, embedding_size=4, hidden=[6, 3], optimizer='adagrad', use_bias=True)


hparams = default_hparams()
hparams.parse('learning_rate=0.25,hidden=[5,2],optimizer=sgd')
hparams.add_hparam('oov', 2)
hparams.set_hparam('embedding_size', 3)

vocab_file = os.path.join(tempfile.mkdtemp(), 'vocab.txt')
with tf.gfile.GFile(vocab_file, 'w') as f:
    f.write('good\nbad\nmovie\nplot\n')

table = lookup.index_table_from_file(vocab_file, num_oov_buckets=hparams.oov, default_value=-1)
label_table = lookup.index_table_from_tensor(tf.constant(['neg', 'pos']), default_value=-1)
reverse = lookup.index_to_string_table_from_tensor(['neg', 'pos'], default_value='?')
hashed = lookup.HashTable(lookup.KeyValueTensorInitializer(tf.constant(['a', 'b']), tf.constant([10., 20.])), -5.)

sentences = tf.placeholder(tf.string, [None])
labels = tf.placeholder(tf.string, [None])
tokens = tf.string_split(sentences)
ids = table.lookup(tf.sparse_tensor_to_dense(tokens, default_value=''))
lengths = tf.reduce_sum(tf.to_int32(tf.not_equal(tf.sparse_tensor_to_dense(tokens, default_value=''), '')), 1)
emb = tf.get_variable('emb', initializer=np.random.RandomState(1).uniform(-1, 1, (6, hparams.embedding_size)).astype(np.float32))
mask = tf.sequence_mask(lengths, dtype=tf.float32)
bag = tf.reduce_sum(tf.nn.embedding_lookup(emb, ids) * tf.expand_dims(mask, 2), axis=1)
w = tf.get_variable('w', initializer=np.tile(np.array([[.2, -.2]], np.float32), (hparams.embedding_size, 1)))
logits = tf.matmul(bag, w)
loss = tf.losses.sparse_softmax_cross_entropy(label_table.lookup(labels), logits)
train = {'sgd': tf.train.GradientDescentOptimizer, 'adagrad': tf.train.AdagradOptimizer}[hparams.optimizer](hparams.learning_rate).minimize(loss)

feed = {sentences: ['good movie', 'bad plot bad movie', 'good good plot'], labels: ['pos', 'neg', 'pos']}
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
    print('RESULT hparams', hparams.learning_rate, hparams.hidden[0], hparams.hidden[1], hparams.optimizer, hparams.embedding_size)
    print('RESULT keys', *sorted(hparams.values().keys()))
    print('RESULT ids', *sess.run(ids, feed).ravel())
    for _ in range(4):
        l, _ = sess.run([loss, train], feed)
        print('RESULT loss', l)
    pred = reverse.lookup(tf.argmax(logits, 1))
    print('RESULT pred', *[p.decode() for p in sess.run(pred, feed)])
    print('RESULT hash', *sess.run(hashed.lookup(tf.constant(['b', 'z', 'a']))))
    print('RESULT table_size', sess.run(table.size()))
