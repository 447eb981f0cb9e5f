# mypy: ignore-errors
"""What the transposed convolutions of `tf.layers` share; those of tf.keras.layers would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.layers_conv import _LayersConv


class _LayersConvTranspose(_LayersConv):
    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format="channels_last", *arguments, **keywords
    ):
        # one argument less than the other convolutions have: no dilation
        super().__init__(filters, kernel_size, strides, padding, data_format, 1, *arguments, **keywords)

    def _build_kernel(self, channels):
        self.kernel = self.add_weight("kernel", [*self.kernel_size, self.filters, channels], **self._of_kernel)

    def _length(self, length, axis):
        if length is None:
            return None
        stride = self.strides[axis]
        return length * stride + (max(self.kernel_size[axis] - stride, 0) if self.padding == "valid" else 0)

    def call(self, inputs):
        first = self.data_format == "channels_first"
        at = 2 if first else 1

        def places(shape):
            sizes = [self._length(shape[at + axis], axis) for axis in range(self.rank)]
            return [shape[0], self.filters, *sizes] if first else [shape[0], *sizes, self.filters]

        steps = (1, 1, *self.strides) if first else (1, *self.strides, 1)
        transpose = tf1.nn.conv2d_transpose if self.rank == 2 else tf1.nn.conv3d_transpose
        outputs = transpose(
            inputs,
            self.kernel,
            tf1.stack(places(tf1.shape(inputs))),
            strides=steps,
            padding=self.padding.upper(),
            data_format=self._order,
        )
        outputs.set_shape(places(inputs.shape.as_list()))
        return self._with_bias(outputs)
