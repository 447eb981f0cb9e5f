"""tf.losses with weights and reductions, in eager mode."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe

tf.enable_eager_execution()
labels = tf.constant([[0., 1.], [1., 0.], [1., 1.]])
preds = tf.constant([[.2, .7], [.6, .1], [.9, .4]])
weights = tf.constant([[1.], [0.], [2.]])

for name, fn in (('mse', tf.losses.mean_squared_error), ('abs', tf.losses.absolute_difference),
                 ('log', tf.losses.log_loss), ('huber', tf.losses.huber_loss)):
    print('RESULT', name, fn(labels, preds).numpy(), fn(labels, preds, weights=weights).numpy(),
          fn(labels, preds, weights, reduction=tf.losses.Reduction.SUM).numpy(),
          tf.reduce_sum(fn(labels, preds, reduction=tf.losses.Reduction.NONE)).numpy())
print('RESULT hinge', tf.losses.hinge_loss(labels=labels, logits=preds).numpy())
print('RESULT cosine', tf.losses.cosine_distance(tf.nn.l2_normalize(labels, 1), tf.nn.l2_normalize(preds, 1), axis=1).numpy())
print('RESULT pairwise', tf.losses.mean_pairwise_squared_error(labels, preds).numpy())
print('RESULT softmax', tf.losses.softmax_cross_entropy(labels, preds, label_smoothing=0.1).numpy(),
      tf.losses.sparse_softmax_cross_entropy(labels=[1, 0, 1], logits=preds, weights=[1., 0., 1.]).numpy())
print('RESULT sigmoid', tf.losses.sigmoid_cross_entropy(multi_class_labels=labels, logits=preds, weights=0.5).numpy())
print('RESULT weighted', tf.losses.compute_weighted_loss(tf.constant([1., 2., 3.]), tf.constant([1., 0., 1.])).numpy())


class Scorer(object):
    def __init__(self):
        self.loss = tfe.metrics.Mean(name='loss')
        self.accuracy = tfe.metrics.BinaryAccuracy(name='accuracy', threshold=0.5)

    def update(self, loss, labels, preds):
        self.loss(loss)
        self.accuracy(labels, preds)

    def read(self):
        return self.loss.result().numpy(), self.accuracy.result().numpy()


scorer = Scorer()
for i in range(3):
    part, guess = labels[i:i + 1], preds[i:i + 1]
    scorer.update(tf.losses.mean_squared_error(part, guess, weights=2.0), part, guess)
print('RESULT scorer', *scorer.read())
w = tf.Variable(tf.ones([2, 2]) * 0.3)
reg = tf.contrib.layers.l2_regularizer(0.1)
with tf.GradientTape() as tape:
    total = tf.losses.softmax_cross_entropy(onehot_labels=labels, logits=tf.matmul(preds, w)) + reg(w) + tf.contrib.layers.l1_regularizer(0.05)(w)
print('RESULT total', total.numpy(), *tape.gradient(total, w).numpy().ravel())
