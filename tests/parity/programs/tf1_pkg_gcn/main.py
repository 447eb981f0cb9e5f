"""Graph convolutional network on a small made-up citation graph (package gcn/, flags, sparse placeholders)."""
from __future__ import division
from __future__ import print_function

import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_float('learning_rate', 0.05, 'Initial learning rate.')
flags.DEFINE_integer('epochs', 5, 'Number of epochs to train.')
flags.DEFINE_integer('hidden1', 4, 'Number of units in hidden layer 1.')
flags.DEFINE_float('dropout', 0., 'Dropout rate (1 - keep probability).')
flags.DEFINE_float('weight_decay', 5e-3, 'Weight for L2 loss on embedding matrix.')

from gcn.models import GCN


def normalize_adj(adj):
    adj = adj + np.eye(len(adj))
    d = np.power(adj.sum(1), -0.5)
    return adj * d[:, None] * d[None, :]


def to_tuple(dense):
    coords = np.argwhere(dense)
    return coords.astype(np.int64), dense[tuple(coords.T)].astype(np.float32), np.array(dense.shape, np.int64)


rng = np.random.RandomState(5)
n, f, classes = 9, 6, 3
adj = np.triu(rng.rand(n, n) > 0.65, 1).astype(float)
adj = adj + adj.T
features = (rng.rand(n, f) > 0.5).astype(float)
features /= np.maximum(features.sum(1, keepdims=True), 1)
labels = np.eye(classes)[np.arange(n) % classes]
train_mask = np.arange(n) < 6

placeholders = {
    'support': [tf.sparse_placeholder(tf.float32) for _ in range(1)],
    'features': tf.sparse_placeholder(tf.float32, shape=tf.constant([n, f], dtype=tf.int64)),
    'labels': tf.placeholder(tf.float32, shape=(None, classes)),
    'labels_mask': tf.placeholder(tf.int32),
    'dropout': tf.placeholder_with_default(0., shape=()),
}
model = GCN(placeholders, input_dim=f)
sess = tf.Session()
sess.run(tf.global_variables_initializer())
feed_dict = {placeholders['labels']: labels, placeholders['labels_mask']: train_mask,
             placeholders['features']: to_tuple(features), placeholders['dropout']: FLAGS.dropout}
feed_dict.update({placeholders['support'][0]: to_tuple(normalize_adj(adj))})
for epoch in range(FLAGS.epochs):
    outs = sess.run([model.opt_op, model.loss], feed_dict=feed_dict)
    print("RESULT train_loss", epoch + 1, outs[1])
out = sess.run(model.outputs, feed_dict)
print("RESULT outputs", *out[0], out.std())
print("RESULT hidden", np.abs(sess.run(model.activations[1], feed_dict)).sum())
print("RESULT names", *[layer.name for layer in model.layers])
sess.close()
