"""One thing while a model trains, another while it predicts."""


def in_train_phase(x, alt, training):  # type: ignore[no-untyped-def]
    """`x` where `training` holds, else `alt`; functions are called. `call(self, inputs, training=None)` is told it."""
    chosen = x if training else alt
    return chosen() if callable(chosen) else chosen
