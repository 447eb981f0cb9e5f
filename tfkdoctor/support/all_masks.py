"""Merging layers that put masks together as Keras 2 did: a step counts where no input masks it.

In Keras 3 a step counts where any input has it, and Add and its like give no mask where one input has none.
"""

import inspect

import tensorflow as tf


def all_masks(merging):  # type: ignore[no-untyped-def]
    """The class of a merging layer, such as Concatenate, or its function, such as concatenate, with Keras 2's masks."""
    if inspect.isclass(merging):
        return _MERGING[merging.__name__]
    cls = _MERGING[merging.__name__.capitalize()]

    def merge(inputs, *args, **kwargs):  # type: ignore[no-untyped-def]
        return cls(*args, **kwargs)(inputs)

    return merge


class _AllMasks:
    def compute_mask(self, inputs, mask=None):  # type: ignore[no-untyped-def]
        if mask is None or all(m is None for m in mask):
            return None
        ops = tf.keras.ops
        if not isinstance(self, tf.keras.layers.Concatenate):
            return ops.all(ops.stack([ops.cast(m, "bool") for m in mask if m is not None]), axis=0)
        masks = []
        for x, m in zip(inputs, mask, strict=True):
            ones = ops.ones_like(x, dtype="bool")
            if m is None:
                masks.append(ones)
            elif len(m.shape) == len(x.shape):
                masks.append(ops.cast(m, "bool"))
            else:
                masks.append(ops.logical_and(ops.expand_dims(ops.cast(m, "bool"), -1), ones))
        return ops.all(ops.concatenate(masks, axis=self.axis), axis=-1)


_MERGING = {
    name: tf.keras.utils.register_keras_serializable(package="tf_legacy")(
        type(name, (_AllMasks, getattr(tf.keras.layers, name)), {})
    )
    for name in ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract")
}
