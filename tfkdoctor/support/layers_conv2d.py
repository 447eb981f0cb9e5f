# mypy: ignore-errors
"""`tf.layers.conv2d` on graph variables; tf.keras.layers.Conv2D would remove it."""

from tfkdoctor.support.layers_conv import _LayersConv


class LayersConv2D(_LayersConv):
    """`tf.layers.Conv2D`: the variables are `kernel` and `bias` of its variable scope."""

    rank = 2


def layers_conv2d(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.conv2d`: the arguments of LayersConv2D, and `reuse`."""
    return LayersConv2D(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
