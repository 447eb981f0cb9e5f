# mypy: ignore-errors
"""`tf.estimator.inputs`: arrays as batches through a queue. A tf.data.Dataset would remove it."""

import random
import threading

import numpy as np
import tensorflow.compat.v1 as tf1


def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000, num_threads=1):
    """`tf.estimator.inputs.numpy_input_fn`: features, or features and labels, of arrays or dictionaries of them."""
    _check_shuffle(shuffle)

    def input_fn():
        features = dict(sorted(x.items())) if isinstance(x, dict) else {None: x}
        labels = dict(sorted(y.items())) if isinstance(y, dict) else {} if y is None else {None: y}
        arrays = [*features.values(), *labels.values()]
        if not arrays or len({len(array) for array in arrays}) != 1:
            raise ValueError("Length of tensors in x and y is mismatched: all must have the same length.")
        index = np.arange(len(arrays[0]))
        batch = _batches([index, *arrays], batch_size, num_epochs, shuffle, queue_capacity, num_threads, None)
        named = dict(zip(features, batch, strict=False))
        targets = dict(zip(labels, batch[len(features) :], strict=True))
        found = named if isinstance(x, dict) else named[None]
        return found if y is None else (found, targets if isinstance(y, dict) else targets[None])

    return input_fn


def pandas_input_fn(
    x,
    y=None,
    batch_size=128,
    num_epochs=1,
    shuffle=None,
    queue_capacity=1000,
    num_threads=1,
    target_column="target",
):
    """`tf.estimator.inputs.pandas_input_fn`: columns of a DataFrame as features, a Series or DataFrame as labels."""
    _check_shuffle(shuffle)
    if y is not None and not np.array_equal(x.index, y.index):
        raise ValueError(f"Index for x and y are mismatched.\nIndex for x: {x.index}\nIndex for y: {y.index}\n")
    if y is not None and target_column in x:
        raise ValueError(f"Cannot use name {target_column} for target column: DataFrame already has such a column")
    columns = {name: _plain_array(x[name]) for name in x.columns}
    several = y is not None and y.ndim == 2
    targets = {n: _plain_array(y[n]) for n in y.columns} if several else {} if y is None else {None: _plain_array(y)}
    capacity = queue_capacity if queue_capacity is not None else (4 if shuffle else 1) * len(x)

    def input_fn():
        arrays = [_plain_array(x.index), *columns.values(), *targets.values()]
        batch = _batches(arrays, batch_size, num_epochs, shuffle, capacity, num_threads, max(capacity / 4, 1))
        features = dict(zip(columns, batch, strict=False))
        labels = dict(zip(targets, batch[len(columns) :], strict=True))
        return features if y is None else (features, labels if several else labels[None])

    return input_fn


def _check_shuffle(shuffle):
    if not isinstance(shuffle, bool):
        raise ValueError(f"shuffle must be provided and explicitly set as boolean; got {shuffle}")


def _plain_array(column):
    """A column as an array that a queue can hold: text as objects."""
    array = np.asarray(column)
    return array if array.dtype.kind in "biufc" else array.astype(object)


def _batches(arrays, batch_size, num_epochs, shuffle, capacity, num_threads, least):
    """The tensors of the next batch, without the index that leads each row."""
    types = [tf1.as_dtype(array.dtype) for array in arrays]
    shapes = [array.shape[1:] for array in arrays]
    with tf1.name_scope("enqueue_input"):
        least = int(capacity / 4 if least is None else least) if shuffle else 0
        if shuffle:
            queue = tf1.RandomShuffleQueue(capacity, least, dtypes=types, shapes=shapes)
        else:
            queue = tf1.FIFOQueue(capacity, dtypes=types, shapes=shapes)
        enqueues, feeds = [], []
        for _ in range(num_threads):
            placeholders = [tf1.placeholder(kind) for kind in types]
            enqueues.append(queue.enqueue_many(placeholders))
            start = random.randrange(len(arrays[0])) if shuffle else 0
            feeds.append(lambda p=placeholders, s=start: _array_feeds(p, arrays, batch_size, num_epochs, s))
        tf1.train.add_queue_runner(_FeedingQueueRunner(queue, enqueues, feeds))
        full = tf1.cast(tf1.maximum(0, queue.size() - least), tf1.float32) * (1.0 / (capacity - least))
        tf1.summary.scalar(f"queue/{queue.name}fraction_over_{least}_of_{capacity - least}_full", full)
    return (queue.dequeue_many(batch_size) if num_epochs is None else queue.dequeue_up_to(batch_size))[1:]


def _array_feeds(placeholders, arrays, batch_size, num_epochs, start):
    """What to feed, enqueue after enqueue, until `num_epochs` are through."""
    total, done = len(arrays[0]), 0
    while num_epochs is None or done < num_epochs * total:
        until = done + batch_size if num_epochs is None else min(done + batch_size, num_epochs * total)
        rows = (np.arange(done, until) + start) % total
        yield {placeholder: array[rows] for placeholder, array in zip(placeholders, arrays, strict=True)}
        done = until


class _FeedingQueueRunner(tf1.train.QueueRunner):
    """Threads that feed what they enqueue; the queue is closed after the last of them ends."""

    def __init__(self, queue, enqueue_ops, feeds):
        super().__init__(queue, enqueue_ops)
        self._feeds = feeds
        self._running = {}

    def create_threads(self, sess, coord=None, daemon=False, start=False):
        if self._running.get(sess):
            return []
        self._running[sess] = len(self._feeds)
        each = zip(self.enqueue_ops, self._feeds, strict=True)
        threads = [threading.Thread(target=self._feed, args=(sess, op, feed(), coord)) for op, feed in each]
        if coord:
            threads.append(threading.Thread(target=self._cancel, args=(sess, coord)))
        for thread in threads:
            if coord:
                coord.register_thread(thread)
            thread.daemon = daemon
            if start:
                thread.start()
        return threads

    def _feed(self, session, enqueue, feeds, coord):
        try:
            for values in feeds:
                if coord and coord.should_stop():
                    return
                session.run(enqueue, feed_dict=values)
        except (tf1.errors.OutOfRangeError, tf1.errors.CancelledError):
            pass
        except Exception as error:
            if coord is None:
                raise
            coord.request_stop(error)
        finally:
            self._running[session] -= 1
            if not self._running[session] and not (coord and coord.should_stop()):
                session.run(self.close_op)

    def _cancel(self, session, coord):
        coord.wait_for_stop()
        try:
            session.run(self.cancel_op)
        except Exception as error:
            tf1.logging.vlog(1, "Ignored exception: %s", error)

    def to_proto(self, export_scope=None):
        raise NotImplementedError("a queue that is fed cannot be written into a graph")
