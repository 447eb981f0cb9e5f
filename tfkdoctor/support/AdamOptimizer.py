# mypy: ignore-errors
"""`tf.train.AdamOptimizer`; `tf.keras.optimizers.Adam(epsilon=1e-08)` takes the same steps."""

import tensorflow as tf

from tfkdoctor.support.first_optimizer import _FirstOptimizer


class AdamOptimizer(_FirstOptimizer):
    """Steps by averages of gradients and of their squares."""

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False, name="Adam"):
        super().__init__(learning_rate, name, m=0.0, v=0.0)
        self._beta1, self._beta2, self._epsilon = beta1, beta2, epsilon
        with tf.init_scope():
            self.beta1_power = tf.Variable(float(beta1), trainable=False)
            self.beta2_power = tf.Variable(float(beta2), trainable=False)

    def _powers(self, v):
        return tf.cast(self.beta1_power, v.dtype), tf.cast(self.beta2_power, v.dtype)

    def _dense(self, v, g, lr):
        first, second = self._powers(v)
        also = {"beta1": self._beta1, "beta2": self._beta2, "epsilon": self._epsilon}
        tf.raw_ops.ResourceApplyAdam(
            var=v.handle,
            beta1_power=first,
            beta2_power=second,
            lr=lr,
            grad=g,
            **{k: tf.cast(x, v.dtype) for k, x in also.items()},
            **self._handles(v, "m", "v"),
        )

    def _sparse(self, v, g, indices, lr):
        first, second = self._powers(v)
        beta1, beta2, epsilon = (tf.cast(x, v.dtype) for x in (self._beta1, self._beta2, self._epsilon))
        mean, square = self.get_slot(v, "m"), self.get_slot(v, "v")
        mean.assign(mean * beta1)
        mean.scatter_add(tf.IndexedSlices(g * (1 - beta1), indices))
        square.assign(square * beta2)
        square.scatter_add(tf.IndexedSlices(g * g * (1 - beta2), indices))
        v.assign_sub(lr * tf.sqrt(1 - second) / (1 - first) * mean / (tf.sqrt(square) + epsilon))

    def _finish(self):
        self.beta1_power.assign(self.beta1_power * self._beta1)
        self.beta2_power.assign(self.beta2_power * self._beta2)
