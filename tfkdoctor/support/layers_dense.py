# mypy: ignore-errors
"""`tf.layers.dense` on graph variables (tf.compat.v1.layers raises under Keras 3). tf.keras.layers.Dense would
remove it.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ZEROS, GraphLayer, _activation, _of


class LayersDense(GraphLayer):
    """`tf.layers.Dense`: the variables are `kernel` and `bias` of its variable scope."""

    def __init__(
        self,
        units,
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
        self.units, self.use_bias, self.activation = int(units), use_bias, _activation(activation)
        self.kernel, self.bias = None, None
        self._of_kernel = _of(kernel_initializer, kernel_regularizer, kernel_constraint)
        self._of_bias = _of(bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape):
        size = tf1.TensorShape(input_shape).as_list()[-1]
        self.kernel = self.add_weight("kernel", [size, self.units], **self._of_kernel)
        if self.use_bias:
            self.bias = self.add_weight("bias", [self.units], **self._of_bias)

    def compute_output_shape(self, input_shape):
        return tf1.TensorShape(input_shape)[:-1].concatenate(self.units)

    def call(self, inputs):
        rank = len(inputs.shape)
        if isinstance(inputs, tf1.SparseTensor):
            outputs = tf1.sparse_tensor_dense_matmul(inputs, self.kernel)
        elif rank > 2:
            outputs = tf1.tensordot(inputs, self.kernel, [[rank - 1], [0]])
            outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
        else:
            outputs = tf1.matmul(tf1.cast(inputs, self.kernel.dtype.base_dtype), self.kernel)
        outputs = tf1.nn.bias_add(outputs, self.bias) if self.use_bias else outputs
        return outputs if self.activation is None else self.activation(outputs)


def layers_dense(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.dense`: the arguments of LayersDense, and `reuse`."""
    return LayersDense(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
