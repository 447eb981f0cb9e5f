# mypy: ignore-errors
"""`tf.layers.conv2d_transpose` on graph variables; tf.keras.layers.Conv2DTranspose would remove it."""

from tfkdoctor.support.layers_conv_transpose import _LayersConvTranspose


class LayersConv2DTranspose(_LayersConvTranspose):
    """`tf.layers.Conv2DTranspose`: the variables are `kernel` and `bias` of its variable scope."""

    rank = 2


def layers_conv2d_transpose(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.conv2d_transpose`: the arguments of LayersConv2DTranspose, and `reuse`."""
    return LayersConv2DTranspose(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
