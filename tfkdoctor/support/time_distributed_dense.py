"""time_distributed_dense of Keras 1 and 2: the same matrix at every step of a sequence."""

import tensorflow as tf


def time_distributed_dense(  # type: ignore[no-untyped-def]
    x, w, b=None, dropout=None, input_dim=None, output_dim=None, timesteps=None, training=None
):
    """x . w + b at every step; tf.tensordot(x, w, 1) + b without dropout.

    The same entries of x are dropped at all steps, while training.
    """
    if dropout and training is None:
        raise ValueError("Hand over `training`: there is no learning phase that tells whether to drop.")
    if dropout and training:
        shape = tf.shape(x)
        x = tf.nn.dropout(x, dropout, noise_shape=[shape[0], 1, shape[2]])
    y = tf.tensordot(x, w, 1)
    return y if b is None else y + b
