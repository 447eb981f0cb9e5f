"""Triplet loss over all triplets of a batch."""
import tensorflow as tf


def _pairwise(embeddings):
    dot = tf.matmul(embeddings, embeddings, transpose_b=True)
    norm = tf.matrix_diag_part(dot)
    return tf.maximum(tf.expand_dims(norm, 1) - 2.0 * dot + tf.expand_dims(norm, 0), 0.0)


def _mask(labels):
    indices_not_equal = tf.logical_not(tf.cast(tf.eye(tf.shape(labels)[0]), tf.bool))
    ij = tf.expand_dims(indices_not_equal, 2)
    ik = tf.expand_dims(indices_not_equal, 1)
    jk = tf.expand_dims(indices_not_equal, 0)
    distinct = tf.logical_and(tf.logical_and(ij, ik), jk)
    same = tf.equal(tf.expand_dims(labels, 0), tf.expand_dims(labels, 1))
    valid = tf.logical_and(tf.expand_dims(same, 2), tf.logical_not(tf.expand_dims(same, 1)))
    return tf.logical_and(distinct, valid)


def batch_all_triplet_loss(labels, embeddings, margin):
    dist = _pairwise(embeddings)
    triplet = tf.expand_dims(dist, 2) - tf.expand_dims(dist, 1) + margin
    mask = tf.to_float(_mask(labels))
    triplet = tf.maximum(tf.multiply(mask, triplet), 0.0)
    positive = tf.reduce_sum(tf.to_float(tf.greater(triplet, 1e-16)))
    valid = tf.reduce_sum(mask)
    return tf.reduce_sum(triplet) / (positive + 1e-16), positive / (valid + 1e-16)


def center_distance(embeddings, labels, num):
    centers = tf.unsorted_segment_mean(embeddings, labels, num)
    return tf.reduce_sum(tf.square(tf.gather(centers, labels) - embeddings), 1, keepdims=True)
