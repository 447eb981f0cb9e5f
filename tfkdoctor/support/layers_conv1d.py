# mypy: ignore-errors
"""`tf.layers.conv1d` on graph variables; tf.keras.layers.Conv1D would remove it."""

from tfkdoctor.support.layers_conv import _LayersConv


class LayersConv1D(_LayersConv):
    """`tf.layers.Conv1D`: the variables are `kernel` and `bias` of its variable scope."""

    rank = 1


def layers_conv1d(inputs, *arguments, name=None, reuse=None, **keywords):
    """`tf.layers.conv1d`: the arguments of LayersConv1D, and `reuse`."""
    return LayersConv1D(*arguments, name=name, _scope=name, _reuse=reuse, **keywords)(inputs)
