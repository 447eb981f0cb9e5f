import numpy as np


def load_data(n=24, size=6, classes=3):
    rng = np.random.RandomState(8)
    protos = rng.uniform(size=(classes, size, size, 1))
    y = np.arange(n) % classes
    x = protos[y] + 0.2 * rng.normal(size=(n, size, size, 1))
    x = x.astype('float32')
    return (x[:16], y[:16]), (x[16:], y[16:])


def make_pairs(x, labels):
    """every sample with its next one of the same class and its neighbour"""
    pairs, targets = [], []
    n = len(x)
    for i in range(n):
        same = [j for j in range(n) if labels[j] == labels[i] and j != i][0]
        pairs += [[x[i], x[same]], [x[i], x[(i + 1) % n]]]
        targets += [1., 1. if labels[(i + 1) % n] == labels[i] else 0.]
    return np.array(pairs), np.array(targets)
