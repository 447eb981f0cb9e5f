# mypy: ignore-errors
"""`tf.layers.batch_normalization` on graph variables, with its updates in UPDATE_OPS. In eager code
tf.keras.layers.BatchNormalization would remove it: it updates its averages as an effect of the call.
"""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import _ONES, _ZEROS, GraphLayer, _of
from tfkdoctor.support.smart_cond import _constant, smart_cond


def _toward(variable, value, momentum):
    """An operation that moves an average toward a value."""
    with tf1.name_scope("AssignMovingAvg") as scope:
        decay = tf1.cast(tf1.convert_to_tensor(1.0 - momentum, name="decay"), variable.dtype.base_dtype)
        return tf1.assign_sub(variable, (variable - tf1.cast(value, variable.dtype.base_dtype)) * decay, name=scope)


class LayersBatchNormalization(GraphLayer):
    """`tf.layers.BatchNormalization`: `gamma`, `beta`, `moving_mean` and `moving_variance` in its variable scope."""

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer=_ZEROS,
        gamma_initializer=_ONES,
        moving_mean_initializer=_ZEROS,
        moving_variance_initializer=_ONES,
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        *,
        fused=None,
        trainable=True,
        name=None,
        **keywords,
    ):
        super().__init__(trainable=trainable, name=name, **keywords)
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.center, self.scale, self.fused = center, scale, fused
        self.beta, self.gamma = None, None
        self._of_beta = _of(beta_initializer, beta_regularizer, beta_constraint)
        self._of_gamma = _of(gamma_initializer, gamma_regularizer, gamma_constraint)
        self._of_mean = {"initializer": moving_mean_initializer, "trainable": False}
        self._of_variance = {"initializer": moving_variance_initializer, "trainable": False}

    def build(self, input_shape):
        sizes = tf1.TensorShape(input_shape).as_list()
        rank = len(sizes)
        axes = self.axis if isinstance(self.axis, list | tuple) else [self.axis]
        self._axes = [axis % rank for axis in axes]
        self.fused = self.fused is not False and rank == 4 and self._axes in ([1], [3])
        if len(self._axes) == 1:
            shape = [sizes[self._axes[0]]]
        else:
            shape = [size if axis in self._axes else 1 for axis, size in enumerate(sizes)]
        dtype = tf1.as_dtype(self.dtype)
        dtype = tf1.float32 if dtype in (tf1.float16, tf1.bfloat16) else dtype
        if self.scale:
            self.gamma = self.add_weight("gamma", shape, dtype, **self._of_gamma)
        if self.center:
            self.beta = self.add_weight("beta", shape, dtype, **self._of_beta)
        partitioner = self._scope.partitioner
        self._scope.set_partitioner(None)
        self.moving_mean = self.add_weight("moving_mean", shape, dtype, **self._of_mean)
        self.moving_variance = self.add_weight("moving_variance", shape, dtype, **self._of_variance)
        self._scope.set_partitioner(partitioner)

    def call(self, inputs, training=False):
        return self._fused(inputs, training) if self.fused else self._plain(inputs, training)

    def _fused(self, inputs, training):
        order = "NCHW" if self._axes == [1] else "NHWC"
        shape = self.moving_mean.shape
        gamma = self.gamma if self.scale else tf1.ones(shape, self.moving_mean.dtype.base_dtype)
        beta = self.beta if self.center else tf1.zeros(shape, self.moving_mean.dtype.base_dtype)
        arguments = {"epsilon": self.epsilon, "data_format": order}
        moving = {"mean": self.moving_mean, "variance": self.moving_variance, "is_training": False}
        output, mean, variance = smart_cond(
            training,
            lambda: tf1.nn.fused_batch_norm(inputs, gamma, beta, **arguments),
            lambda: tf1.nn.fused_batch_norm(inputs, gamma, beta, **moving, **arguments),
        )
        if _constant(training) is not False:
            momentum = self.momentum
            if _constant(training) is None:
                momentum = smart_cond(training, lambda: tf1.constant(self.momentum), lambda: tf1.constant(1.0))
            self.add_update(_toward(self.moving_mean, mean, momentum))
            self.add_update(_toward(self.moving_variance, variance, momentum))
        return output

    def _plain(self, inputs, training):
        rank = len(inputs.shape)
        others = [axis for axis in range(rank) if axis not in self._axes]
        broadcast = [1] * rank
        broadcast[self._axes[0]] = inputs.shape.as_list()[self._axes[0]]

        def spread(value):
            narrow = value is not None and len(value.shape) != rank and others != list(range(rank - 1))
            return tf1.reshape(value, broadcast) if narrow else value

        mean, variance = self.moving_mean, self.moving_variance
        if _constant(training) is not False:
            values = tf1.cast(inputs, mean.dtype.base_dtype)
            moments = tf1.nn.moments(values, others, keep_dims=len(self._axes) > 1)
            mean, variance = (
                smart_cond(training, lambda now=now: now, lambda moving=moving: tf1.convert_to_tensor(moving))
                for now, moving in zip(moments, (mean, variance), strict=True)
            )
            for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                update = smart_cond(
                    training,
                    lambda moving=moving, value=value: _toward(moving, value, self.momentum),
                    lambda moving=moving: tf1.identity(moving),
                )
                self.add_update(update)
        mean, variance, beta, gamma = (
            None if value is None else spread(tf1.cast(value, inputs.dtype))
            for value in (mean, variance, self.beta, self.gamma)
        )
        outputs = tf1.nn.batch_normalization(inputs, mean, variance, beta, gamma, self.epsilon)
        outputs.set_shape(inputs.shape)
        return outputs


def layers_batch_normalization(inputs, *arguments, training=False, name=None, reuse=None, **keywords):
    """`tf.layers.batch_normalization`: the arguments of LayersBatchNormalization, `training` and `reuse`."""
    layer = LayersBatchNormalization(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)
    return layer(inputs, training=training)
