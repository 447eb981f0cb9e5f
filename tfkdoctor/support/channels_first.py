"""A convolution with the channels first, on a CPU: TensorFlow's own kernels there want them last, unless oneDNN is on.

Keras 1 and 2 transposed around each convolution where there is no GPU, and so does this. Drop it where a GPU, or
oneDNN (on by default in TensorFlow for Linux on x86), is sure to be there.
"""

import tensorflow as tf


def channels_first(layer):  # type: ignore[no-untyped-def]
    """The same Conv2D or Conv2DTranspose; with 'channels_first' it computes with the channels last."""
    if layer.data_format == "channels_first" and not tf.config.list_physical_devices("GPU"):
        call, sides = layer.call, layer.rank

        def call_with_channels_last(inputs):  # type: ignore[no-untyped-def]
            layer.data_format = "channels_last"
            try:
                outputs = call(tf.transpose(inputs, [0, *range(2, sides + 2), 1]))
            finally:
                layer.data_format = "channels_first"
            return tf.transpose(outputs, [0, sides + 1, *range(1, sides + 1)])

        layer.call = call_with_channels_last
    return layer
