# mypy: ignore-errors
"""`tf.layers.conv3d` on graph variables; tf.keras.layers.Conv3D would remove it."""

from tfkdoctor.support.layers_conv import _LayersConv


class LayersConv3D(_LayersConv):
    """`tf.layers.Conv3D`: the variables are `kernel` and `bias` of its variable scope."""

    rank = 3


def layers_conv3d(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.conv3d`: the arguments of LayersConv3D, and `reuse`."""
    return LayersConv3D(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
