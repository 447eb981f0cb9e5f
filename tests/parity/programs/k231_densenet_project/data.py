import math

import numpy as np
from keras.utils import Sequence, to_categorical


def load():
    rng = np.random.RandomState(40)
    x, y = rng.rand(30, 8, 8, 3), rng.randint(0, 3, 30)
    return (x[:21], to_categorical(y[:21], 3)), (x[21:], to_categorical(y[21:], 3))


class Batches(Sequence):
    """Whole epochs in order; the first image of each batch is mirrored."""

    def __init__(self, x_set, y_set, batch_size):
        self.x, self.y = x_set, y_set
        self.batch_size = batch_size
        self.epoch = 0

    def __len__(self):
        return int(math.ceil(len(self.x) / float(self.batch_size)))

    def __getitem__(self, idx):
        s = slice(idx * self.batch_size, (idx + 1) * self.batch_size)
        batch_x, batch_y = self.x[s].copy(), self.y[s]
        batch_x[0] = batch_x[0, :, ::-1]
        return batch_x, batch_y

    def on_epoch_end(self):
        self.epoch += 1
