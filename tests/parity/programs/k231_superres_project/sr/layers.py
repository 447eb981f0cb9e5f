# all layers of this project come from here
import tensorflow as tf
from keras.layers import Input, Conv2D, Add, Lambda, Activation, PReLU, UpSampling2D  # noqa: F401
from keras.layers import Layer
from keras.initializers import Constant


def SubpixelConv2D(scale, **kwargs):
    return Lambda(lambda x: tf.nn.depth_to_space(x, scale), **kwargs)


class Scale(Layer):
    """multiplies by a trainable scalar per channel"""

    def __init__(self, value=0.1, **kwargs):
        super().__init__(**kwargs)
        self.value = value

    def build(self, input_shape):
        self.k = self.add_weight(name='k', shape=(input_shape[-1],), trainable=True,
                                 initializer=Constant(self.value))
        self.built = True

    def call(self, inputs):
        return inputs * self.k
