# mypy: ignore-errors
"""`tf.contrib.rnn.ConvLSTMCell` and its kind on graph variables; tf.keras.layers.ConvLSTM2D would remove them."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.LSTMStateTuple import LSTMStateTuple
from tfkdoctor.support.rnn_cell import RNNCell


class ConvLSTMCell(RNNCell):
    """`tf.contrib.rnn.ConvLSTMCell`: variables `kernel` and `biases`."""

    def __init__(
        self,
        conv_ndims,
        input_shape,
        output_channels,
        kernel_shape,
        use_bias=True,
        skip_connection=False,
        forget_bias=1.0,
        initializers=None,
        name="conv_lstm_cell",
    ):
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}.")
        self._ndims, self._input_shape, self._channels = conv_ndims, list(input_shape), output_channels
        self._kernel_shape, self._use_bias = list(kernel_shape), use_bias
        self._skip_connection, self._forget_bias = skip_connection, forget_bias

    @property
    def state_size(self):
        size = tf1.TensorShape([*self._input_shape[:-1], self._channels])
        return LSTMStateTuple(size, size)

    @property
    def output_size(self):
        channels = self._channels + (self._input_shape[-1] if self._skip_connection else 0)
        return tf1.TensorShape([*self._input_shape[:-1], channels])

    def call(self, inputs, state):
        memory, hidden = state
        both = tf1.concat([inputs, hidden], -1)
        shape = [*self._kernel_shape, both.shape.as_list()[-1], 4 * self._channels]
        kernel = tf1.get_variable("kernel", shape, both.dtype.base_dtype)
        convolve = {1: tf1.nn.conv1d, 2: tf1.nn.conv2d, 3: tf1.nn.conv3d}[self._ndims]
        gates = convolve(both, kernel, 1 if self._ndims == 1 else [1] * (self._ndims + 2), padding="SAME")
        if self._use_bias:
            gates += tf1.get_variable("biases", shape[-1:], both.dtype.base_dtype, tf1.zeros_initializer())
        i, new, f, o = tf1.split(gates, 4, axis=-1)
        memory = tf1.sigmoid(f + self._forget_bias) * memory + tf1.sigmoid(i) * tf1.tanh(new)
        output = tf1.tanh(memory) * tf1.sigmoid(o)
        if self._skip_connection:
            output = tf1.concat([output, inputs], -1)
        return output, LSTMStateTuple(memory, output)


class Conv1DLSTMCell(ConvLSTMCell):
    """`tf.contrib.rnn.Conv1DLSTMCell`."""

    def __init__(self, name="conv_1d_lstm_cell", **keywords):
        super().__init__(conv_ndims=1, name=name, **keywords)


class Conv2DLSTMCell(ConvLSTMCell):
    """`tf.contrib.rnn.Conv2DLSTMCell`."""

    def __init__(self, name="conv_2d_lstm_cell", **keywords):
        super().__init__(conv_ndims=2, name=name, **keywords)


class Conv3DLSTMCell(ConvLSTMCell):
    """`tf.contrib.rnn.Conv3DLSTMCell`."""

    def __init__(self, name="conv_3d_lstm_cell", **keywords):
        super().__init__(conv_ndims=3, name=name, **keywords)
