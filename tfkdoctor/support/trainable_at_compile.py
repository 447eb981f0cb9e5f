"""What `trainable = False` meant in Keras 1 and 2: it counted when a model was compiled, not when it was trained.

A discriminator that is compiled, then frozen and put into the model that trains its generator, went on learning by
itself. With Keras 3 it never learns again, and nothing is said.
"""

import functools


def trainable_at_compile(model):  # type: ignore[no-untyped-def]
    """The same model, which trains what was trainable when `compile` was called: trainable_at_compile(m).compile(…).

    Without it, set `trainable` to what is meant before each `fit` and `train_on_batch`.
    """
    if getattr(model, "flags_at_compile", None) is not None:
        return model
    flags = {}  # type: ignore[var-annotated]
    compile_model = model.compile

    @functools.wraps(compile_model)
    def compile_and_remember(*args, **kwargs):  # type: ignore[no-untyped-def]
        compile_model(*args, **kwargs)
        flags.clear()
        flags.update(_flags(model))  # type: ignore[no-untyped-call]

    def as_compiled(train):  # type: ignore[no-untyped-def]
        @functools.wraps(train)
        def run(*args, **kwargs):  # type: ignore[no-untyped-def]
            now = _flags(model)  # type: ignore[no-untyped-call]
            _set_flags(flags)  # type: ignore[no-untyped-call]
            try:
                return train(*args, **kwargs)
            finally:
                _set_flags(now)  # type: ignore[no-untyped-call]

        return run

    model.compile, model.flags_at_compile = compile_and_remember, lambda: flags
    for name in ("fit", "train_on_batch"):
        setattr(model, name, as_compiled(getattr(model, name)))  # type: ignore[no-untyped-call]
    return model


def _flags(layer):  # type: ignore[no-untyped-def]
    """The flag of a layer and of all layers in it, outer ones first: setting one sets all that are in it."""
    inner = [getattr(layer, name, None) for name in ("layer", "forward_layer", "backward_layer")]
    found = {layer: layer.trainable}
    for one in [*getattr(layer, "layers", []), *(part for part in inner if part is not None)]:
        found.update(_flags(one))  # type: ignore[no-untyped-call]
    return found


def _set_flags(flags):  # type: ignore[no-untyped-def]
    for layer, trainable in flags.items():
        if layer.trainable != trainable:
            layer.trainable = trainable
