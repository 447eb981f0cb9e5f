"""Keras 2's `K.local_conv2d`: a convolution with a kernel of its own at each place. tf.keras has none."""

import tensorflow as tf


def local_conv2d(inputs, kernel, kernel_size, strides, output_shape, data_format=None):  # type: ignore[no-untyped-def]
    """Images to (batch, *output_shape, filters); kernel: (places, features, filters), places row by row."""
    kernel, (rows, columns) = tf.convert_to_tensor(kernel), output_shape
    first = (data_format or tf.keras.backend.image_data_format()) == "channels_first"
    parts = []
    for row in range(0, rows * strides[0], strides[0]):
        for column in range(0, columns * strides[1], strides[1]):
            place = slice(row, row + kernel_size[0]), slice(column, column + kernel_size[1])
            part = inputs[:, :, place[0], place[1]] if first else inputs[:, place[0], place[1]]
            parts.append(tf.reshape(part, (-1, kernel.shape[1])))
    found = tf.einsum("bpf,pfo->bpo", tf.stack(parts, axis=1), kernel)
    found = tf.reshape(found, (-1, rows, columns, kernel.shape[2]))
    return tf.transpose(found, (0, 3, 1, 2)) if first else found
