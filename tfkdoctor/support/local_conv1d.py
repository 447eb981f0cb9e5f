"""Keras 2's `K.local_conv1d`: a convolution with a kernel of its own at each place. tf.keras has none."""

import tensorflow as tf


def local_conv1d(inputs, kernel, kernel_size, strides, data_format=None):  # type: ignore[no-untyped-def]
    """(batch, steps, channels) to (batch, places, filters); kernel: (places, kernel_size[0] * channels, filters)."""
    kernel = tf.convert_to_tensor(kernel)
    places, features, _ = kernel.shape
    starts = [place * strides[0] for place in range(places)]
    parts = [tf.reshape(inputs[:, start : start + kernel_size[0]], (-1, features)) for start in starts]
    return tf.einsum("bpf,pfo->bpo", tf.stack(parts, axis=1), kernel)
