# mypy: ignore-errors
"""`tf.layers.separable_conv1d` on graph variables; tf.keras.layers.SeparableConv1D would remove it."""

from tfkdoctor.support.layers_separable_conv import _LayersSeparableConv


class LayersSeparableConv1D(_LayersSeparableConv):
    """`tf.layers.SeparableConv1D`: `depthwise_kernel`, `pointwise_kernel` and `bias` in its variable scope."""

    rank = 1


def layers_separable_conv1d(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.separable_conv1d`: the arguments of LayersSeparableConv1D, and `reuse`."""
    return LayersSeparableConv1D(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
