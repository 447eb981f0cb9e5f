"""K-means by hand: assignments, unsorted_segment_sum and an update op run until nothing changes."""
import numpy as np
import tensorflow as tf

K, MAX_ITERS = 3, 20
rng = np.random.RandomState(35)
points_np = np.vstack([rng.normal(c, 0.6, (15, 2)) for c in ((0, 0), (4, 4), (0, 5))]).astype(np.float32)
N = len(points_np)

points = tf.Variable(points_np, trainable=False)
cluster_assignments = tf.Variable(tf.zeros([N], dtype=tf.int64))
centroids = tf.Variable(tf.slice(points.initialized_value(), [0, 0], [K, 2]))

rep_centroids = tf.reshape(tf.tile(centroids, [N, 1]), [N, K, 2])
rep_points = tf.reshape(tf.tile(points, [1, K]), [N, K, 2])
sum_squares = tf.reduce_sum(tf.square(rep_points - rep_centroids), reduction_indices=2)
best_centroids = tf.argmin(sum_squares, 1)
did_assignments_change = tf.reduce_any(tf.not_equal(best_centroids, cluster_assignments))


def bucket_mean(data, bucket_ids, num_buckets):
    total = tf.unsorted_segment_sum(data, bucket_ids, num_buckets)
    count = tf.unsorted_segment_sum(tf.ones_like(data), bucket_ids, num_buckets)
    return total / count


means = bucket_mean(points, best_centroids, K)
with tf.control_dependencies([did_assignments_change]):
    do_updates = tf.group(centroids.assign(means), cluster_assignments.assign(best_centroids))

inertia = tf.reduce_sum(tf.reduce_min(sum_squares, 1))
sess = tf.Session()
sess.run(tf.global_variables_initializer())
changed, iters = True, 0
while changed and iters < MAX_ITERS:
    iters += 1
    changed = sess.run(did_assignments_change)
    print("RESULT inertia", iters, sess.run(inertia))
    sess.run(do_updates)
centers, assignments = sess.run([centroids, cluster_assignments])
print("RESULT iterations", iters)
print("RESULT centers", *centers.ravel())
print("RESULT counts", *np.bincount(assignments, minlength=K))
sess.close()
