# mypy: ignore-errors
"""`tf.contrib.factorization.KMeans`: the graph of k-means clustering, on the operations that TensorFlow still has.

A step on mini-batches reads the counts before it adds to them; the original left that order to chance, and no two of
its runs were alike. scikit-learn's KMeans and MiniBatchKMeans cluster arrays without a graph.
"""

import tensorflow.compat.v1 as tf


class KMeans:
    """Lloyd's iteration, of the whole input or of mini-batches; `training_graph` gives what a session runs."""

    def __init__(
        self,
        inputs,
        num_clusters,
        initial_clusters="random",
        distance_metric="squared_euclidean",
        use_mini_batch=False,
        mini_batch_steps_per_iteration=1,
        random_seed=0,
        kmeans_plus_plus_num_retries=2,
        kmc2_chain_length=200,
    ):
        if isinstance(initial_clusters, str) and initial_clusters not in ("random", "kmeans_plus_plus", "kmc2"):
            raise ValueError(f"Unsupported initialization algorithm '{initial_clusters}'")
        if distance_metric not in ("squared_euclidean", "cosine"):
            raise ValueError(f"Unsupported distance metric '{distance_metric}'")
        self._inputs = inputs if isinstance(inputs, list) else [inputs]
        self._num_clusters, self._initial, self._seed = num_clusters, initial_clusters, random_seed
        self._cosine, self._mini = distance_metric == "cosine", use_mini_batch
        self._steps = int(mini_batch_steps_per_iteration)
        self._retries, self._chain = kmeans_plus_plus_num_retries, kmc2_chain_length

    def training_graph(self):
        """Distances to all centers, the nearest center of each row and its distance, whether centers are chosen, the
        operation that chooses them (to run until they are), and that of one step."""
        named = isinstance(self._initial, str) or callable(self._initial)
        first = self._initial if named else tf.convert_to_tensor(self._initial)
        count = tf.convert_to_tensor(self._num_clusters) if named else tf.shape(first)[0]
        empty, several = tf.constant([], tf.float32), self._mini and self._steps > 1
        centers = _cluster_variable(empty, "clusters")
        chosen = _cluster_variable(False, "initialized")
        updated = _cluster_variable(empty, "clusters_updated") if several else centers
        left = _cluster_variable(tf.constant(self._steps, tf.int64), "update_in_steps") if several else None
        start = tf.zeros if several else tf.ones
        totals = _cluster_variable(start(tf.reshape(count, [1]), tf.int64), "Variable") if self._mini else None
        begin = self._choose(first, count, centers, updated, chosen)
        kept_normal = self._cosine and (not self._mini or several)
        inputs, current = self._inputs, centers.value()
        if self._cosine:
            inputs = [tf.nn.l2_normalize(rows, axis=1) for rows in inputs]
            current = current if kept_normal else tf.nn.l2_normalize(current, axis=1)
        distances = [self._distances(rows, current) for rows in inputs]
        unit = tf.nn.l2_normalize(current, axis=1) if self._cosine and not kept_normal else current
        nearest = [tf.raw_ops.NearestNeighbors(points=rows, centers=unit, k=1) for rows in inputs]
        scores = [tf.squeeze(one[1] * 0.5 if self._cosine else one[1], [-1]) for one in nearest]
        indices = [tf.squeeze(one[0], [-1]) for one in nearest]
        if self._mini:
            with tf.control_dependencies([self._sync(left, centers, updated, totals) if several else tf.no_op()]):
                step = self._mini_batch(inputs, indices, updated, totals)
        else:
            step = self._full_batch(inputs, indices, centers, count, kept_normal)
        return tuple(distances), tuple(indices), tuple(scores), chosen, begin, step

    def _distances(self, rows, centers):
        if self._cosine:
            return 1 - tf.matmul(rows, centers, transpose_b=True)
        own = tf.reduce_sum(tf.square(rows), 1, keepdims=True)
        theirs = tf.transpose(tf.reduce_sum(tf.square(centers), 1, keepdims=True))
        return own - 2 * tf.matmul(rows, centers, transpose_b=True) + theirs

    def _sync(self, left, centers, updated, totals):
        """Once in so many steps the centers become those that the steps have moved."""

        def take():
            with tf.control_dependencies([left.assign(tf.constant(self._steps - 1, tf.int64))]):
                moved = tf.nn.l2_normalize(updated.value(), axis=1) if self._cosine else updated.value()
                with tf.control_dependencies([tf.assign(centers, moved)]):
                    emptied = tf.assign(totals, tf.zeros_like(totals))
                with tf.control_dependencies([emptied]):
                    return tf.identity(left)

        return tf.cond(left <= 0, take, lambda: tf.identity(left.assign_sub(1)))

    def _mini_batch(self, inputs, indices, centers, totals):
        steps = []
        for rows, index in zip(inputs, indices, strict=True):
            ids, places = tf.unique(tf.reshape(index, [-1]))
            size = tf.size(ids)
            before, old = tf.gather(totals, ids), tf.gather(centers, ids)
            news = tf.math.unsorted_segment_sum(tf.ones_like(places, dtype=tf.int64), places, size)
            change = tf.math.unsorted_segment_sum(rows, places, size)
            shape = tf.concat([tf.reshape(size, [1]), tf.ones(tf.reshape(tf.rank(rows) - 1, [1]), tf.int32)], 0)
            change -= tf.cast(tf.reshape(news, shape), rows.dtype) * old
            change *= tf.reshape(tf.math.reciprocal(tf.cast(before + news, rows.dtype)), shape)
            with tf.control_dependencies([before, change]):
                steps += [tf.scatter_add(totals, ids, news), tf.scatter_add(centers, ids, change)]
        return tf.group(*steps)

    def _full_batch(self, inputs, indices, centers, count, kept_normal):
        pairs = list(zip(inputs, indices, strict=True))
        sums = tf.add_n([tf.math.unsorted_segment_sum(rows, index, count) for rows, index in pairs])
        ones = [tf.ones([tf.shape(rows)[0], 1]) for rows in inputs]
        counts = tf.add_n([tf.math.unsorted_segment_sum(o, i, count) for o, i in zip(ones, indices, strict=True)])
        means = sums / (tf.cast(counts, sums.dtype) + tf.constant(1e-6, inputs[0].dtype))
        return tf.assign(centers, tf.nn.l2_normalize(means, axis=1) if kept_normal else means)

    def _choose(self, first, count, centers, updated, chosen):
        """The operation that adds centers until there are enough."""
        selected = tf.shape(centers.value())[0]
        missing = count - selected

        def initialize():
            with tf.control_dependencies([tf.debugging.assert_positive(missing)]):
                if isinstance(first, str) and first == "kmc2":
                    after = self._chains(count, missing, selected, centers, updated)
                else:
                    after = self._add(self._draw(first, missing), count, selected, centers, updated)
                return tf.cond(tf.equal(after, 0), lambda: tf.group(chosen.assign(True)), tf.no_op)

        ready = lambda: tf.group(tf.debugging.assert_equal(chosen.value(), True))  # noqa: E731
        return tf.cond(tf.equal(missing, 0), ready, initialize)

    def _draw(self, first, missing):
        inputs = self._inputs
        data = tf.add_n([tf.shape(rows)[0] for rows in inputs])
        if callable(first):
            return first(inputs, missing)
        if not isinstance(first, str):
            with tf.control_dependencies([tf.debugging.assert_equal(missing, tf.shape(first)[0])]):
                return tf.identity(first)
        if first == "random":

            def some():
                limit = tf.cast(data, tf.int64)
                drawn = tf.random_uniform(tf.reshape(missing, [-1]), 0, limit, seed=self._seed, dtype=tf.int64)
                return tf.nn.embedding_lookup(inputs, drawn, partition_strategy="div")

            return tf.cond(data <= missing, lambda: tf.concat(inputs, 0), some)
        with tf.control_dependencies([tf.debugging.assert_greater_equal(data, missing)]):
            rows = tf.nn.l2_normalize(inputs[0], axis=1) if self._cosine else inputs[0]
            return tf.raw_ops.KmeansPlusPlusInitialization(
                points=rows,
                num_to_sample=tf.cast(missing, tf.int64),
                seed=tf.constant(self._seed, tf.int64),
                num_retries_per_sample=tf.constant(self._retries, tf.int64),
            )

    def _add(self, new, count, selected, centers, updated):
        new = tf.nn.l2_normalize(new, axis=1) if self._cosine else new
        together = lambda: tf.concat([centers.value(), new], 0)  # noqa: E731
        both = tf.cond(tf.equal(selected, 0), lambda: tf.identity(new), together)
        assigned = tf.assign(centers, both, validate_shape=False)
        if updated is not centers:
            assigned = tf.assign(updated, assigned, validate_shape=False)
        return count - tf.shape(assigned)[0]

    def _chains(self, count, missing, selected, centers, updated):
        """One new center from a Markov chain over each piece of the batch (k-MC2)."""
        rows = self._inputs[0]
        pieces = tf.cast(tf.shape(rows)[0] / self._chain, tf.int32)
        wanted = tf.maximum(tf.minimum(missing, pieces), 1)

        def one(i, _):
            def at_first():
                return self._unit(tf.reshape(rows[0], [1, -1]))

            def chained():
                piece = rows[i * self._chain : (i + 1) * self._chain]
                far = tf.raw_ops.NearestNeighbors(points=piece, centers=centers.value(), k=1)[1]
                seed = tf.constant(self._seed, tf.int64)
                place = tf.raw_ops.KMC2ChainInitialization(distances=tf.squeeze(far), seed=seed)
                return tf.concat([centers.value(), self._unit(tf.reshape(piece[place], [1, -1]))], 0)

            assigned = tf.assign(centers, tf.cond(tf.equal(selected, 0), at_first, chained), validate_shape=False)
            if updated is not centers:
                assigned = tf.assign(updated, assigned, validate_shape=False)
            have = tf.shape(assigned)[0]
            with tf.control_dependencies([have]):
                return i + 1, count - have

        return tf.while_loop(lambda i, _: i < wanted, one, [0, 0], parallel_iterations=1)[1]

    def _unit(self, rows):
        return tf.nn.l2_normalize(rows, axis=1) if self._cosine else rows


def _cluster_variable(value, name):
    """A variable whose shape is that of what it is given."""
    return tf.Variable(value, name=name, validate_shape=False, use_resource=True, shape=tf.TensorShape(None))
