"""Whether a function can be called with a keyword, as Keras 2's `has_arg` told."""

import inspect


def has_arg(fn, name, accept_all=False):  # type: ignore[no-untyped-def]
    """Whether `fn` takes `name`; with accept_all a function with `**kwargs` does."""
    parameters = inspect.signature(fn).parameters
    if name not in parameters:
        return accept_all and any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    return parameters[name].kind in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
