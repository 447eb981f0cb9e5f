import numpy as np
import keras


class DataGenerator(keras.utils.Sequence):
    'Generates data for Keras'

    def __init__(self, x, y, batch_size=32, n_classes=2):
        self.x, self.y = x, y
        self.batch_size = batch_size
        self.n_classes = n_classes
        self.epochs_seen = 0

    def __len__(self):
        'Denotes the number of batches per epoch'
        return int(np.ceil(len(self.x) / float(self.batch_size)))

    def __getitem__(self, index):
        s = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[s], keras.utils.to_categorical(self.y[s], num_classes=self.n_classes)

    def on_epoch_end(self):
        self.epochs_seen += 1


def batches(x, y, n):
    """endless plain generator"""
    while 1:
        for i in range(0, len(x), n):
            yield x[i:i + n], keras.utils.np_utils.to_categorical(y[i:i + n], 2)
