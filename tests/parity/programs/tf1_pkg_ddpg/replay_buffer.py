from collections import deque
import numpy as np


class ReplayBuffer(object):
    def __init__(self, buffer_size):
        self.buffer = deque(maxlen=buffer_size)

    def add(self, s, a, r, t, s2):
        self.buffer.append((s, a, r, t, s2))

    def last_batch(self, batch_size, offset=0):
        items = list(self.buffer)[offset:offset + batch_size]
        s, a, r, t, s2 = map(np.array, zip(*items))
        return s, a.reshape(-1, 1), r, t, s2
