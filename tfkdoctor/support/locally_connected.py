"""Keras 2's locally connected layers: convolutions with a kernel of its own at each place. tf.keras has none.

Weights and their order are those of Keras 2, so that old weight files load. Padding is 'valid', as it was.
"""

import tensorflow as tf


class _LocallyConnected(tf.keras.layers.Layer):  # type: ignore[misc]
    rank = 0

    def __init__(  # type: ignore[no-untyped-def]
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if padding != "valid":
            raise ValueError(f"padding={padding!r}: locally connected layers know 'valid' alone")
        self.filters, self.use_bias = filters, use_bias
        self.kernel_size, self.strides = (self._sizes(size) for size in (kernel_size, strides))  # type: ignore[no-untyped-call]
        self.data_format = data_format or (tf.keras.backend.image_data_format() if self.rank == 2 else "channels_last")
        self.activation = tf.keras.activations.get(activation)
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.bias_initializer = tf.keras.initializers.get(bias_initializer)
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = tf.keras.constraints.get(kernel_constraint)
        self.bias_constraint = tf.keras.constraints.get(bias_constraint)

    def _sizes(self, size):  # type: ignore[no-untyped-def]
        return (size,) * self.rank if isinstance(size, int) else tuple(size)

    def build(self, input_shape):  # type: ignore[no-untyped-def]
        first = self.data_format == "channels_first"
        channels, places = (input_shape[1], input_shape[2:]) if first else (input_shape[-1], input_shape[1:-1])
        self.places = [(n - k) // s + 1 for n, k, s in zip(places, self.kernel_size, self.strides, strict=True)]
        number, features = 1, channels
        for place, size in zip(self.places, self.kernel_size, strict=True):
            number, features = number * place, features * size
        self.kernel = self.add_weight(
            shape=(number, features, self.filters),
            initializer=self.kernel_initializer,
            name="kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(*self.places, self.filters),
                initializer=self.bias_initializer,
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    def call(self, inputs):  # type: ignore[no-untyped-def]
        first = self.data_format == "channels_first"
        images = tf.expand_dims(inputs, 1) if self.rank == 1 else inputs
        images = tf.transpose(images, (0, 2, 3, 1)) if first else images
        ones = (1,) * (2 - self.rank)
        patches = tf.image.extract_patches(
            images, (1, *ones, *self.kernel_size, 1), (1, *ones, *self.strides, 1), (1, 1, 1, 1), "VALID"
        )
        if first:  # the features of a patch with the channels outside
            patches = tf.reshape(
                patches, (-1, self.kernel.shape[0], self.kernel.shape[1] // images.shape[3], images.shape[3])
            )
            patches = tf.transpose(patches, (0, 1, 3, 2))
        patches = tf.reshape(patches, (-1, *self.kernel.shape[:2]))
        outputs = tf.einsum("npi,pif->npf", patches, self.kernel)
        outputs = tf.reshape(outputs, (-1, *self.places, self.filters))
        if first:
            outputs = tf.transpose(outputs, (0, 3, 1, 2))
        if self.use_bias:
            outputs += tf.reshape(self.bias, (1, *outputs.shape[1:]))
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):  # type: ignore[no-untyped-def]
        if self.data_format == "channels_first":
            return (input_shape[0], self.filters, *self.places)
        return (input_shape[0], *self.places, self.filters)

    def get_config(self):  # type: ignore[no-untyped-def]
        plain = ("filters", "kernel_size", "strides", "data_format", "use_bias")
        config = {name: getattr(self, name) for name in plain}
        config["activation"] = tf.keras.activations.serialize(self.activation)
        for module in (tf.keras.initializers, tf.keras.regularizers, tf.keras.constraints):
            kind = module.__name__.rpartition(".")[2].rstrip("s")
            for name in (f"kernel_{kind}", f"bias_{kind}"):
                config[name] = module.serialize(getattr(self, name)) if getattr(self, name) else None
        return super().get_config() | config


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class LocallyConnected1D(_LocallyConnected):
    """Keras 2's layer over (samples, steps, channels); tf.keras.layers.Conv1D where one kernel will do."""

    rank = 1


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class LocallyConnected2D(_LocallyConnected):
    """Keras 2's layer over images; tf.keras.layers.Conv2D where one kernel will do."""

    rank = 2
