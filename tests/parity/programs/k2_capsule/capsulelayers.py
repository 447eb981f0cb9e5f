"""Layers of a tiny capsule network."""
import keras.backend as K
from keras import initializers, layers


class Length(layers.Layer):
    """Length of vectors: shape [None, num_vectors, dim] -> [None, num_vectors]"""
    def call(self, inputs, **kwargs):
        return K.sqrt(K.sum(K.square(inputs), -1) + K.epsilon())

    def compute_output_shape(self, input_shape):
        return input_shape[:-1]


def squash(vectors, axis=-1):
    s_squared_norm = K.sum(K.square(vectors), axis, keepdims=True)
    scale = s_squared_norm / (1 + s_squared_norm) / K.sqrt(s_squared_norm + K.epsilon())
    return scale * vectors


class CapsuleLayer(layers.Layer):
    def __init__(self, num_capsule, dim_capsule, routings=3, kernel_initializer='glorot_uniform', **kwargs):
        super(CapsuleLayer, self).__init__(**kwargs)
        self.num_capsule = num_capsule
        self.dim_capsule = dim_capsule
        self.routings = routings
        self.kernel_initializer = initializers.get(kernel_initializer)

    def build(self, input_shape):
        assert len(input_shape) >= 3, "needs [None, input_num_capsule, input_dim_capsule]"
        self.input_num_capsule = input_shape[1]
        self.input_dim_capsule = input_shape[2]
        self.W = self.add_weight(shape=[self.num_capsule, self.input_num_capsule, self.dim_capsule, self.input_dim_capsule],
                                 initializer=self.kernel_initializer, name='W')
        self.built = True

    def call(self, inputs, training=None):
        # (batch, 1, in, 1, dim_in) * (caps, in, dim, dim_in)
        x = K.expand_dims(K.expand_dims(inputs, 1), 3)
        inputs_hat = K.sum(x * K.expand_dims(self.W, 0), axis=-1)     # (batch, caps, in, dim)
        b = K.zeros_like(inputs_hat[:, :, :, 0])
        for i in range(self.routings):
            c = K.softmax(b, axis=1)
            outputs = squash(K.sum(K.expand_dims(c) * inputs_hat, axis=2))
            if i < self.routings - 1:
                b += K.sum(K.expand_dims(outputs, 2) * inputs_hat, axis=-1)
        return outputs

    def compute_output_shape(self, input_shape):
        return tuple([None, self.num_capsule, self.dim_capsule])

    def get_config(self):
        config = {'num_capsule': self.num_capsule, 'dim_capsule': self.dim_capsule, 'routings': self.routings}
        base_config = super(CapsuleLayer, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))
