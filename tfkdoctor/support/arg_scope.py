# mypy: ignore-errors
"""Default arguments for the functions that a block calls, as slim knew them (tf.contrib.framework.arg_scope). Passing
the arguments would remove it.
"""

import contextlib
import functools

_ARG_SCOPES = [{}]  # function -> its arguments, the innermost scope last
_TAKES_ARG_SCOPE = {}  # function -> the names of its arguments that have a default


def _scoped(function):
    return getattr(function, "_scoped", function)


@contextlib.contextmanager
def arg_scope(list_ops_or_scope, **kwargs):
    """Arguments for each of the functions of a list, within the block; or a scope again that `as` has given."""
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError("a scope that is used again takes no arguments")
        scope = dict(list_ops_or_scope)
    else:
        if not isinstance(list_ops_or_scope, (list, tuple)):
            raise TypeError("arg_scope takes a list of functions, or a scope")
        scope = dict(_ARG_SCOPES[-1])
        for function in map(_scoped, list_ops_or_scope):
            if function not in _TAKES_ARG_SCOPE:
                raise ValueError(f"{function} is not decorated with @add_arg_scope")
            scope[function] = {**scope.get(function, {}), **kwargs}
    _ARG_SCOPES.append(scope)
    try:
        yield scope
    finally:
        _ARG_SCOPES.pop()


def add_arg_scope(func):
    """A function whose arguments an `arg_scope` around the call may give."""

    @functools.wraps(func)
    def scoped(*args, **kwargs):
        return func(*args, **{**_ARG_SCOPES[-1].get(func, {}), **kwargs})

    scoped._scoped = func
    code = func.__code__
    _TAKES_ARG_SCOPE[func] = code.co_varnames[: code.co_argcount][-len(func.__defaults__ or ()) or code.co_argcount :]
    return scoped


def current_arg_scope():
    """The scope of this place, for `arg_scope` to use again."""
    return _ARG_SCOPES[-1]


def has_arg_scope(func):
    """Whether an `arg_scope` may name the function."""
    return _scoped(func) in _TAKES_ARG_SCOPE


def arg_scoped_arguments(func):
    """The names of the arguments that an `arg_scope` may give."""
    return _TAKES_ARG_SCOPE[_scoped(func)]
