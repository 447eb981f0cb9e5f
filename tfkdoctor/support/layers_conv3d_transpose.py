# mypy: ignore-errors
"""`tf.layers.conv3d_transpose` on graph variables; tf.keras.layers.Conv3DTranspose would remove it."""

from tfkdoctor.support.layers_conv_transpose import _LayersConvTranspose


class LayersConv3DTranspose(_LayersConvTranspose):
    """`tf.layers.Conv3DTranspose`: the variables are `kernel` and `bias` of its variable scope."""

    rank = 3


def layers_conv3d_transpose(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.conv3d_transpose`: the arguments of LayersConv3DTranspose, and `reuse`."""
    return LayersConv3DTranspose(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
