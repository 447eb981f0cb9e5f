# mypy: ignore-errors
"""`tf.layers.separable_conv2d` on graph variables; tf.keras.layers.SeparableConv2D would remove it."""

from tfkdoctor.support.layers_separable_conv import _LayersSeparableConv


class LayersSeparableConv2D(_LayersSeparableConv):
    """`tf.layers.SeparableConv2D`: `depthwise_kernel`, `pointwise_kernel` and `bias` in its variable scope."""

    rank = 2


def layers_separable_conv2d(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.separable_conv2d`: the arguments of LayersSeparableConv2D, and `reuse`."""
    return LayersSeparableConv2D(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
