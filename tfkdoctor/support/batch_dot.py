"""`K.batch_dot` of Keras before 2.2.5: a product of matrices, over all axes before the last two at once.

Since 2.2.5, and in tf.keras, it contracts one axis of each and crosses all others, as `np.tensordot` does for each
sample: the same for arguments of rank 2 and 3, another result or an error from rank 4 on, as in layers of capsules.
"""

import tensorflow as tf


def batch_dot(x, y, axes=None):  # type: ignore[no-untyped-def]
    """(batch, …, rows, inner) and (batch, …, inner, columns) to (batch, …, rows, columns); `axes`: which are inner."""
    if any(tf.keras.backend.is_keras_tensor(tensor) for tensor in (x, y)):
        return tf.keras.layers.Lambda(lambda tensors: batch_dot(tensors[0], tensors[1], axes))([x, y])  # type: ignore[no-untyped-call]
    x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    rank_x, rank_y = x.shape.rank, y.shape.rank
    axes = (axes, axes) if isinstance(axes, int) else axes or (rank_x - 1, rank_y - 2)
    if rank_x == rank_y == 2:
        left = x if axes[0] == axes[1] else tf.transpose(x)
        return tf.expand_dims(tf.reduce_sum(left * y, axes[0] if axes[0] == axes[1] else axes[1]), 1)
    extra = abs(rank_x - rank_y)
    if rank_x > rank_y:
        y = tf.reshape(y, tf.concat([tf.shape(y), [1] * extra], 0))
    elif rank_y > rank_x:
        x = tf.reshape(x, tf.concat([tf.shape(x), [1] * extra], 0))
    rank = max(rank_x, rank_y)
    out = tf.matmul(x, y, adjoint_a=axes[0] != rank - 1, adjoint_b=axes[1] == rank - 1)
    if extra:
        first = rank_x + rank_y - 3 if rank_x > rank_y else rank_x - 1
        out = tf.squeeze(out, list(range(first, first + extra)))
    return tf.expand_dims(out, 1) if out.shape.rank == 1 else out
