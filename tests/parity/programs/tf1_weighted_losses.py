"""tf.losses with weights, reductions and the LOSSES collection."""
import numpy as np
import tensorflow as tf

labels = tf.constant([[1., 0., 1.], [0., 1., 1.]])
preds = tf.constant([[.8, .3, .4], [.2, .6, .9]])
logits = tf.constant([[2., -1., .5], [-.3, 1.2, 3.]])
w_row = tf.constant([[1.0], [0.0]])
w_full = tf.constant([[1., 2., 0.], [0., .5, 1.]])

terms = [
    ('mse', tf.losses.mean_squared_error(labels, preds)),
    ('mse_row', tf.losses.mean_squared_error(labels, preds, weights=w_row)),
    ('abs', tf.losses.absolute_difference(labels, preds, weights=w_full)),
    ('huber', tf.losses.huber_loss(labels, logits, delta=0.7)),
    ('hinge', tf.losses.hinge_loss(labels, logits)),
    ('log', tf.losses.log_loss(labels, preds, weights=2.0)),
    ('sigmoid', tf.losses.sigmoid_cross_entropy(labels, logits, label_smoothing=0.1)),
    ('softmax', tf.losses.softmax_cross_entropy(tf.one_hot([0, 2], 3), logits, weights=[1.0, 3.0], label_smoothing=0.05)),
    ('sparse', tf.losses.sparse_softmax_cross_entropy(tf.constant([0, 2]), logits, weights=[0.0, 2.0])),
    ('pairwise', tf.losses.mean_pairwise_squared_error(labels, preds)),
    ('cosine', tf.losses.cosine_distance(tf.nn.l2_normalize(labels, 1), tf.nn.l2_normalize(logits, 1), axis=1)),
    ('mean', tf.losses.mean_squared_error(labels, preds, w_full, reduction=tf.losses.Reduction.MEAN)),
    ('sum', tf.losses.mean_squared_error(labels, preds, w_full, reduction=tf.losses.Reduction.SUM)),
]
per_element = tf.losses.absolute_difference(labels, preds, reduction=tf.losses.Reduction.NONE, loss_collection=None)
tf.losses.add_loss(tf.constant(10.0))
total = tf.losses.get_total_loss(add_regularization_losses=False)
grad = tf.gradients(total, [preds, logits])

with tf.Session() as sess:
    for name, value in terms:
        print('RESULT', name, sess.run(value))
    print('RESULT none', *sess.run(per_element).ravel())
    print('RESULT count', len(tf.losses.get_losses()))
    print('RESULT total', sess.run(total))
    for n, g in zip(('grad_preds', 'grad_logits'), sess.run(grad)):
        print('RESULT', n, np.abs(g).sum(), g[0, 0])
