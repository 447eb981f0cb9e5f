# mypy: ignore-errors
"""What the convolutions of `tf.layers` share, on graph variables; those of tf.keras.layers would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, GraphLayer, _activation, _of, _sizes


class _LayersConv(GraphLayer):
    rank = 2

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format="channels_last",
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer=None,
        bias_initializer=_ZEROS,
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        trainable=True,
        name=None,
        **keywords,
    ):
        super().__init__(trainable=trainable, name=name, activity_regularizer=activity_regularizer, **keywords)
        self.filters, self.use_bias, self.activation = filters, use_bias, _activation(activation)
        self.kernel_size, self.strides, self.dilation_rate = (
            _sizes(each, self.rank) for each in (kernel_size, strides, dilation_rate)
        )
        self.padding, self.data_format = padding.lower(), data_format
        self.kernel, self.bias = None, None
        self._of_kernel = _of(kernel_initializer, kernel_regularizer, kernel_constraint)
        self._of_bias = _of(bias_initializer, bias_regularizer, bias_constraint)

    @property
    def _order(self):
        """The order of the dimensions as operations call it: NHWC."""
        space = "DHW"[3 - self.rank :]
        return "NC" + space if self.data_format == "channels_first" else "N" + space + "C"

    def _channels(self, input_shape):
        return tf1.TensorShape(input_shape).as_list()[1 if self.data_format == "channels_first" else -1]

    def build(self, input_shape):
        self._build_kernel(self._channels(input_shape))
        if self.use_bias:
            self.bias = self.add_weight("bias", [self.filters], **self._of_bias)

    def _build_kernel(self, channels):
        self.kernel = self.add_weight("kernel", [*self.kernel_size, channels, self.filters], **self._of_kernel)

    def call(self, inputs):
        padding = self.padding
        if padding == "causal":
            space = 2 if self.data_format == "channels_first" else 1
            left = (0, self.dilation_rate[0] * (self.kernel_size[0] - 1))[::-1]
            inputs = tf1.pad(inputs, [left if axis == space else (0, 0) for axis in range(3)])
            padding = "valid"
        return self._with_bias(
            tf1.nn.convolution(
                inputs,
                self.kernel,
                padding=padding.upper(),
                strides=self.strides,
                dilation_rate=self.dilation_rate,
                data_format=self._order,
            )
        )

    def _with_bias(self, outputs):
        if self.use_bias and self.rank == 1 and self.data_format == "channels_first":
            outputs += tf1.reshape(self.bias, (1, self.filters, 1))
        elif self.use_bias:
            order = "NCHW" if self.data_format == "channels_first" else "NHWC"
            outputs = tf1.nn.bias_add(outputs, self.bias, data_format=order)
        return outputs if self.activation is None else self.activation(outputs)
