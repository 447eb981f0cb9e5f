# mypy: ignore-errors
"""`tf.contrib.factorization.KMeans`: the graph of k-means clustering, on the operations that TensorFlow still has.

A step on mini-batches reads the counts before it adds to them; the original left that order to chance, and no two of
its runs were alike. scikit-learn's KMeans and MiniBatchKMeans cluster arrays without a graph.
"""

import tensorflow.compat.v1 as tf1


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
        first = self._initial if named else tf1.convert_to_tensor(self._initial)
        count = tf1.convert_to_tensor(self._num_clusters) if named else tf1.shape(first)[0]
        empty, several = tf1.constant([], tf1.float32), self._mini and self._steps > 1
        centers = _cluster_variable(empty, "clusters")
        chosen = _cluster_variable(False, "initialized")
        updated = _cluster_variable(empty, "clusters_updated") if several else centers
        left = _cluster_variable(tf1.constant(self._steps, tf1.int64), "update_in_steps") if several else None
        start = tf1.zeros if several else tf1.ones
        totals = _cluster_variable(start(tf1.reshape(count, [1]), tf1.int64), "Variable") if self._mini else None
        begin = self._choose(first, count, centers, updated, chosen)
        kept_normal = self._cosine and (not self._mini or several)
        inputs, current = self._inputs, centers.value()
        if self._cosine:
            inputs = [tf1.nn.l2_normalize(rows, axis=1) for rows in inputs]
            current = current if kept_normal else tf1.nn.l2_normalize(current, axis=1)
        distances = [self._distances(rows, current) for rows in inputs]
        unit = tf1.nn.l2_normalize(current, axis=1) if self._cosine and not kept_normal else current
        nearest = [tf1.raw_ops.NearestNeighbors(points=rows, centers=unit, k=1) for rows in inputs]
        scores = [tf1.squeeze(one[1] * 0.5 if self._cosine else one[1], [-1]) for one in nearest]
        indices = [tf1.squeeze(one[0], [-1]) for one in nearest]
        if self._mini:
            with tf1.control_dependencies([self._sync(left, centers, updated, totals) if several else tf1.no_op()]):
                step = self._mini_batch(inputs, indices, updated, totals)
        else:
            step = self._full_batch(inputs, indices, centers, count, kept_normal)
        return tuple(distances), tuple(indices), tuple(scores), chosen, begin, step

    def _distances(self, rows, centers):
        if self._cosine:
            return 1 - tf1.matmul(rows, centers, transpose_b=True)
        own = tf1.reduce_sum(tf1.square(rows), 1, keepdims=True)
        theirs = tf1.transpose(tf1.reduce_sum(tf1.square(centers), 1, keepdims=True))
        return own - 2 * tf1.matmul(rows, centers, transpose_b=True) + theirs

    def _sync(self, left, centers, updated, totals):
        """Once in so many steps the centers become those that the steps have moved."""

        def take():
            with tf1.control_dependencies([left.assign(tf1.constant(self._steps - 1, tf1.int64))]):
                moved = tf1.nn.l2_normalize(updated.value(), axis=1) if self._cosine else updated.value()
                with tf1.control_dependencies([tf1.assign(centers, moved)]):
                    emptied = tf1.assign(totals, tf1.zeros_like(totals))
                with tf1.control_dependencies([emptied]):
                    return tf1.identity(left)

        return tf1.cond(left <= 0, take, lambda: tf1.identity(left.assign_sub(1)))

    def _mini_batch(self, inputs, indices, centers, totals):
        steps = []
        for rows, index in zip(inputs, indices, strict=True):
            ids, places = tf1.unique(tf1.reshape(index, [-1]))
            size = tf1.size(ids)
            before, old = tf1.gather(totals, ids), tf1.gather(centers, ids)
            news = tf1.math.unsorted_segment_sum(tf1.ones_like(places, dtype=tf1.int64), places, size)
            change = tf1.math.unsorted_segment_sum(rows, places, size)
            shape = tf1.concat([tf1.reshape(size, [1]), tf1.ones(tf1.reshape(tf1.rank(rows) - 1, [1]), tf1.int32)], 0)
            change -= tf1.cast(tf1.reshape(news, shape), rows.dtype) * old
            change *= tf1.reshape(tf1.math.reciprocal(tf1.cast(before + news, rows.dtype)), shape)
            with tf1.control_dependencies([before, change]):
                steps += [tf1.scatter_add(totals, ids, news), tf1.scatter_add(centers, ids, change)]
        return tf1.group(*steps)

    def _full_batch(self, inputs, indices, centers, count, kept_normal):
        pairs = list(zip(inputs, indices, strict=True))
        sums = tf1.add_n([tf1.math.unsorted_segment_sum(rows, index, count) for rows, index in pairs])
        ones = [tf1.ones([tf1.shape(rows)[0], 1]) for rows in inputs]
        counts = tf1.add_n([tf1.math.unsorted_segment_sum(o, i, count) for o, i in zip(ones, indices, strict=True)])
        means = sums / (tf1.cast(counts, sums.dtype) + tf1.constant(1e-6, inputs[0].dtype))
        return tf1.assign(centers, tf1.nn.l2_normalize(means, axis=1) if kept_normal else means)

    def _choose(self, first, count, centers, updated, chosen):
        """The operation that adds centers until there are enough."""
        selected = tf1.shape(centers.value())[0]
        missing = count - selected

        def initialize():
            with tf1.control_dependencies([tf1.debugging.assert_positive(missing)]):
                if isinstance(first, str) and first == "kmc2":
                    after = self._chains(count, missing, selected, centers, updated)
                else:
                    after = self._add(self._draw(first, missing), count, selected, centers, updated)
                return tf1.cond(tf1.equal(after, 0), lambda: tf1.group(chosen.assign(True)), tf1.no_op)

        ready = lambda: tf1.group(tf1.debugging.assert_equal(chosen.value(), True))  # noqa: E731
        return tf1.cond(tf1.equal(missing, 0), ready, initialize)

    def _draw(self, first, missing):
        inputs = self._inputs
        data = tf1.add_n([tf1.shape(rows)[0] for rows in inputs])
        if callable(first):
            return first(inputs, missing)
        if not isinstance(first, str):
            with tf1.control_dependencies([tf1.debugging.assert_equal(missing, tf1.shape(first)[0])]):
                return tf1.identity(first)
        if first == "random":

            def some():
                limit = tf1.cast(data, tf1.int64)
                drawn = tf1.random_uniform(tf1.reshape(missing, [-1]), 0, limit, seed=self._seed, dtype=tf1.int64)
                return tf1.nn.embedding_lookup(inputs, drawn, partition_strategy="div")

            return tf1.cond(data <= missing, lambda: tf1.concat(inputs, 0), some)
        with tf1.control_dependencies([tf1.debugging.assert_greater_equal(data, missing)]):
            rows = tf1.nn.l2_normalize(inputs[0], axis=1) if self._cosine else inputs[0]
            return tf1.raw_ops.KmeansPlusPlusInitialization(
                points=rows,
                num_to_sample=tf1.cast(missing, tf1.int64),
                seed=tf1.constant(self._seed, tf1.int64),
                num_retries_per_sample=tf1.constant(self._retries, tf1.int64),
            )

    def _add(self, new, count, selected, centers, updated):
        new = tf1.nn.l2_normalize(new, axis=1) if self._cosine else new
        together = lambda: tf1.concat([centers.value(), new], 0)  # noqa: E731
        both = tf1.cond(tf1.equal(selected, 0), lambda: tf1.identity(new), together)
        assigned = tf1.assign(centers, both, validate_shape=False)
        if updated is not centers:
            assigned = tf1.assign(updated, assigned, validate_shape=False)
        return count - tf1.shape(assigned)[0]

    def _chains(self, count, missing, selected, centers, updated):
        """One new center from a Markov chain over each piece of the batch (k-MC2)."""
        rows = self._inputs[0]
        pieces = tf1.cast(tf1.shape(rows)[0] / self._chain, tf1.int32)
        wanted = tf1.maximum(tf1.minimum(missing, pieces), 1)

        def one(i, _):
            def at_first():
                return self._unit(tf1.reshape(rows[0], [1, -1]))

            def chained():
                piece = rows[i * self._chain : (i + 1) * self._chain]
                far = tf1.raw_ops.NearestNeighbors(points=piece, centers=centers.value(), k=1)[1]
                seed = tf1.constant(self._seed, tf1.int64)
                place = tf1.raw_ops.KMC2ChainInitialization(distances=tf1.squeeze(far), seed=seed)
                return tf1.concat([centers.value(), self._unit(tf1.reshape(piece[place], [1, -1]))], 0)

            assigned = tf1.assign(centers, tf1.cond(tf1.equal(selected, 0), at_first, chained), validate_shape=False)
            if updated is not centers:
                assigned = tf1.assign(updated, assigned, validate_shape=False)
            have = tf1.shape(assigned)[0]
            with tf1.control_dependencies([have]):
                return i + 1, count - have

        return tf1.while_loop(lambda i, _: i < wanted, one, [0, 0], parallel_iterations=1)[1]

    def _unit(self, rows):
        return tf1.nn.l2_normalize(rows, axis=1) if self._cosine else rows


def _cluster_variable(value, name):
    """A variable whose shape is that of what it is given."""
    return tf1.Variable(value, name=name, validate_shape=False, use_resource=True, shape=tf1.TensorShape(None))
