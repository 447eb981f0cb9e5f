import numpy as np
from keras.preprocessing.sequence import pad_sequences


def toy_reviews(n, maxlen, vocab):
    rng = np.random.RandomState(2)
    seqs = [list(rng.randint(1, vocab, size=rng.randint(2, maxlen + 3))) for _ in range(n)]
    y = np.array([1 if sum(s) / len(s) > vocab / 2. else 0 for s in seqs])
    w = np.where(y == 1, 1.5, 1.)
    return pad_sequences(seqs, maxlen=maxlen, truncating='post'), y, w
