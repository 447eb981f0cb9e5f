# mypy: ignore-errors
"""MNIST as `tensorflow.examples.tutorials.mnist.input_data` gave it: 55,000, 5,000 and 10,000 examples, in batches.

The files come from `tf.keras.datasets.mnist`, or from the old folder if its four files are there. The order of
batches is that of NumPy's global random numbers, as it was.
"""

import collections
import gzip
import os

import numpy as np
import tensorflow as tf

_Datasets = collections.namedtuple("_Datasets", ["train", "validation", "test"])


class DataSet:
    """Images and labels that are given out batch by batch, shuffled anew for each epoch."""

    def __init__(self, images, labels, fake_data=False, one_hot=False, dtype=tf.float32, reshape=True, seed=None):
        first, second = tf.compat.v1.get_seed(seed)
        np.random.seed(first if seed is None else second)
        self.one_hot = one_hot
        if fake_data:
            self._num_examples = 10000
        else:
            self._num_examples = len(images)
            if reshape:
                images = images.reshape(len(images), images.shape[1] * images.shape[2])
            if tf.as_dtype(dtype) == tf.float32:
                images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images, self._labels = images, labels
        self._epochs_completed = self._index_in_epoch = 0

    images = property(lambda self: self._images)
    labels = property(lambda self: self._labels)
    num_examples = property(lambda self: self._num_examples)
    epochs_completed = property(lambda self: self._epochs_completed)

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """The next `batch_size` images and labels; a batch may span two epochs."""
        if fake_data:
            label = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        start = self._index_in_epoch
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self._num_examples:
            self._index_in_epoch = start + batch_size
            return self._images[start : start + batch_size], self._labels[start : start + batch_size]
        self._epochs_completed += 1
        images, labels = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        end = self._index_in_epoch = batch_size - len(images)
        return np.concatenate([images, self._images[:end]]), np.concatenate([labels, self._labels[:end]])

    def _shuffle(self):
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]


def read_data_sets(
    train_dir=None,
    fake_data=False,
    one_hot=False,
    dtype=tf.float32,
    reshape=True,
    validation_size=5000,
    seed=None,
    source_url=None,
):
    """MNIST's `train`, `validation` and `test`, each a DataSet."""
    if fake_data:
        fake = (DataSet([], [], True, one_hot, dtype, seed=seed) for _ in range(3))
        return _Datasets(*fake)
    (images, labels), (test_images, test_labels) = _files(train_dir) or tf.keras.datasets.mnist.load_data()
    if not 0 <= validation_size <= len(images):
        raise ValueError(f"Validation size should be between 0 and {len(images)}. Received: {validation_size}.")
    images, test_images = images[..., np.newaxis], test_images[..., np.newaxis]
    if one_hot:
        labels, test_labels = (np.eye(10)[values] for values in (labels, test_labels))
    parts = [
        (images[validation_size:], labels[validation_size:]),
        (images[:validation_size], labels[:validation_size]),
        (test_images, test_labels),
    ]
    return _Datasets(*(DataSet(x, y, dtype=dtype, reshape=reshape, seed=seed) for x, y in parts))


def _files(folder):
    """The four files that the tutorials downloaded, if they are in a folder; else None."""
    arrays = []
    for part in ("train", "t10k"):
        for kind, head, shape in (("images-idx3", 16, (-1, 28, 28)), ("labels-idx1", 8, (-1,))):
            path = os.path.join(folder or "", f"{part}-{kind}-ubyte.gz")
            if not os.path.exists(path):
                return None
            with gzip.open(path) as file:
                arrays.append(np.frombuffer(file.read(), np.uint8, offset=head).reshape(shape))
    return (arrays[0], arrays[1]), (arrays[2], arrays[3])
