"""What detectors do in a graph: anchors, IoU matching, dynamic partitions, NMS per image, crops of boxes."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(8)


def iou(boxes, box):
    ymin, xmin, ymax, xmax = tf.split(boxes, 4, axis=1)
    inter = tf.maximum(tf.minimum(ymax, box[2]) - tf.maximum(ymin, box[0]), 0.) * tf.maximum(
        tf.minimum(xmax, box[3]) - tf.maximum(xmin, box[1]), 0.)
    union = (ymax - ymin) * (xmax - xmin) + (box[2] - box[0]) * (box[3] - box[1]) - inter
    return tf.squeeze(tf.div(inter, union), squeeze_dims=[1])


grid = np.stack(np.meshgrid(np.arange(4), np.arange(4), indexing='ij'), -1).reshape(-1, 2) / 4.
anchors = tf.constant(np.concatenate([grid, grid + .3], 1), tf.float32)
truth = tf.placeholder(tf.float32, [None, 4])
classes = tf.placeholder(tf.int32, [None])
logits = tf.constant(rng.randn(16, 3), tf.float32)


def condition(i, labels, scores):
    return tf.less(i, tf.shape(classes))[0]


def body(i, labels, scores):
    jaccard = iou(anchors, truth[i])
    mask = tf.logical_and(tf.greater(jaccard, scores), tf.greater(jaccard, 0.2))
    labels = tf.where(mask, tf.fill(tf.shape(labels), classes[i]), labels)
    scores = tf.where(mask, jaccard, scores)
    return [i + 1, labels, scores]


_, labels, scores = tf.while_loop(condition, body, [0, tf.zeros([16], tf.int32), tf.zeros([16], tf.float32)])
positive = labels > 0
n_positive = tf.reduce_sum(tf.cast(positive, tf.int32))
xent = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
negatives = tf.where(positive, tf.zeros_like(xent), xent)
hard, hard_index = tf.nn.top_k(negatives, k=tf.minimum(3 * n_positive, 16 - n_positive))
loss = (tf.reduce_sum(tf.boolean_mask(xent, positive)) + tf.reduce_sum(hard)) / tf.to_float(n_positive)

probabilities = tf.nn.softmax(logits, dim=-1)
score = tf.reduce_max(probabilities[:, 1:], reduction_indices=[1])
selected = tf.image.non_max_suppression(anchors, score, max_output_size=5, iou_threshold=0.1)
kept = tf.gather(anchors, selected)
pieces = tf.dynamic_partition(score, tf.to_int32(tf.argmax(probabilities, dimension=1)), 3)
stitched = tf.dynamic_stitch([[0, 2], [1, 3]], [score[:2], score[2:4]])

images = tf.placeholder(tf.float32, [None, 8, 8, 1])
crops = tf.image.crop_and_resize(images, kept[:2], box_ind=[0, 1], crop_size=[2, 2])
drawn = tf.image.draw_bounding_boxes(images, tf.stack([kept[:2], kept[1:3]]))
per_image = tf.map_fn(lambda a: (tf.reduce_max(a[0]) * a[1], tf.shape(a[0])[0]),
                      (images, tf.constant([1., 2.])), dtype=(tf.float32, tf.int32))
scanned = tf.scan(lambda total, v: total * 0.5 + v, score[:4])
folded = tf.foldl(lambda a, b: a + b * b, score, initializer=tf.constant(1.0))
ordered = tf.contrib.framework.argsort(score, direction='DESCENDING')
unique, _, counts = tf.unique_with_counts(labels)
in_order = tf.cond(tf.reduce_any(positive), lambda: tf.cumsum(score, exclusive=True)[-1], lambda: 0.0)
case = tf.case({tf.greater(n_positive, 4): lambda: tf.constant(1), tf.less(n_positive, 2): lambda: tf.constant(2)},
               default=lambda: tf.constant(3), exclusive=True)
checked = tf.Assert(tf.greater_equal(n_positive, 0), [n_positive])
with tf.control_dependencies([checked, tf.assert_less(score, 1.0)]):
    safe = tf.identity(loss)

with tf.Session() as sess:
    feed = {truth: [[0., 0., .35, .35], [.5, .4, .9, .8]], classes: [1, 2], images: rng.rand(2, 8, 8, 1)}
    for name, tensor in (('labels', labels), ('scores', scores), ('loss', safe), ('hard', hard_index), ('selected', selected),
                         ('kept', kept), ('stitched', stitched), ('crops', crops), ('scanned', scanned), ('folded', folded),
                         ('ordered', ordered[:4]), ('unique', unique), ('counts', counts), ('in_order', in_order), ('case', case)):
        print('RESULT', name, *np.ravel(sess.run(tensor, feed)))
    print('RESULT pieces', *[len(p) for p in sess.run(pieces)])
    print('RESULT drawn', float(sess.run(drawn, feed).sum()))
    print('RESULT map', *[float(np.sum(v)) for v in sess.run(per_image, feed)])
