"""Word ids and contiguous batches."""
import collections
import numpy as np
import tensorflow as tf

TEXT = """the cat sat on the mat <eos> the dog sat on the log <eos> a cat and a dog sat <eos>
the cat and the dog ran <eos> on the mat a dog ran <eos>"""


def build_vocab(words):
    counter = collections.Counter(words)
    pairs = sorted(counter.items(), key=lambda v: (-v[1], v[0]))
    return {w: i for i, (w, _) in enumerate(pairs)}


def raw_data():
    words = TEXT.replace("\n", " ").split()
    vocab = build_vocab(words)
    return [vocab[w] for w in words], len(vocab)


def producer(data, batch_size, num_steps):
    data = np.array(data, dtype=np.int32)
    batch_len = len(data) // batch_size
    data = data[:batch_size * batch_len].reshape(batch_size, batch_len)
    epoch_size = (batch_len - 1) // num_steps
    for i in range(epoch_size):
        yield data[:, i * num_steps:(i + 1) * num_steps], data[:, i * num_steps + 1:(i + 1) * num_steps + 1]
