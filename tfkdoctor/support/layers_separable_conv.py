# mypy: ignore-errors
"""What the separable convolutions of `tf.layers` share; those of tf.keras.layers would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, _of
from tfkdoctor.support.layers_conv import _LayersConv


class _LayersSeparableConv(_LayersConv):
    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format="channels_last",
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer=None,
        pointwise_initializer=None,
        bias_initializer=_ZEROS,
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        trainable=True,
        name=None,
        **keywords,
    ):
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **keywords,
        )
        self.depth_multiplier = depth_multiplier
        self._of_depthwise = _of(depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._of_pointwise = _of(pointwise_initializer, pointwise_regularizer, pointwise_constraint)

    def _build_kernel(self, channels):
        shape = [*self.kernel_size, channels, self.depth_multiplier]
        self.depthwise_kernel = self.add_weight("depthwise_kernel", shape, **self._of_depthwise)
        shape = [*(1,) * self.rank, self.depth_multiplier * channels, self.filters]
        self.pointwise_kernel = self.add_weight("pointwise_kernel", shape, **self._of_pointwise)

    def call(self, inputs):
        first = self.data_format == "channels_first"
        depthwise, pointwise, strides, rates = (
            self.depthwise_kernel,
            self.pointwise_kernel,
            self.strides,
            self.dilation_rate,
        )
        axis, padding = (2 if first else 1), self.padding
        if self.rank == 1:  # as an image of one row
            if padding == "causal":
                left = (rates[0] * (self.kernel_size[0] - 1), 0)
                inputs = tf1.pad(inputs, [left if each == axis else (0, 0) for each in range(3)])
                padding = "valid"
            inputs = tf1.expand_dims(inputs, axis)
            depthwise, pointwise = tf1.expand_dims(depthwise, 0), tf1.expand_dims(pointwise, 0)
            strides, rates = strides * 2, (1, *rates)
        outputs = tf1.nn.separable_conv2d(
            inputs,
            depthwise,
            pointwise,
            strides=(1, 1, *strides) if first else (1, *strides, 1),
            padding=padding.upper(),
            rate=rates,
            data_format="NCHW" if first else "NHWC",
        )
        if self.rank == 1:
            outputs = tf1.squeeze(outputs, [axis])
        return self._with_bias(outputs)
