"""A chain of states; the right end pays."""
import numpy as np


class Chain(object):
    def __init__(self, n):
        self.n, self.at = n, 0

    def _state(self):
        out = np.zeros((1, self.n), dtype=np.float32)
        out[0, self.at] = 1.0
        return out

    def reset(self):
        self.at = 1
        return self._state()

    def step(self, action):
        self.at = min(self.n - 1, self.at + 1) if action else max(0, self.at - 1)
        return self._state(), float(self.at == self.n - 1), self.at in (0, self.n - 1)
