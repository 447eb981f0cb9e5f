# mypy: ignore-errors
"""Default arguments for the functions that a block calls, as slim knew them (tf.contrib.framework.arg_scope). Passing
the arguments would remove it.
"""

import contextlib
import functools
import sys
import types


# The open scopes, the innermost last, and the arguments of each function that takes them: one of each in a program,
# even where several of its packages hold a copy of this module.
def _shared():
    state = types.SimpleNamespace(scopes=[{}], functions={})
    return sys.modules.setdefault(_plain_module(_shared) + " arg_scope", state)


def _plain_module(function):
    """The name of the module of a function, the same for each copy of this module."""
    module = getattr(function, "__module__", None) or ""
    own = _plain_module.__module__.rpartition(".")[2]
    return own if module.rpartition(".")[2] == own else module


def _key(function):
    function = getattr(function, "_scoped", function)
    return _plain_module(function), getattr(function, "__qualname__", str(function))


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
        scope = dict(_shared().scopes[-1])
        for function in list_ops_or_scope:
            if not has_arg_scope(function):
                raise ValueError(f"{function} is not decorated with @add_arg_scope")
            scope[_key(function)] = {**scope.get(_key(function), {}), **kwargs}
    _shared().scopes.append(scope)
    try:
        yield scope
    finally:
        _shared().scopes.pop()


def add_arg_scope(func):
    """A function whose arguments an `arg_scope` around the call may give."""
    key, code = _key(func), func.__code__

    @functools.wraps(func)
    def scoped(*args, **kwargs):
        return func(*args, **{**_shared().scopes[-1].get(key, {}), **kwargs})

    scoped._scoped = func
    names = code.co_varnames[: code.co_argcount]
    _shared().functions[key] = names[len(names) - len(func.__defaults__ or ()) :]
    return scoped


def current_arg_scope():
    """The scope of this place, for `arg_scope` to use again."""
    return _shared().scopes[-1]


def has_arg_scope(func):
    """Whether an `arg_scope` may name the function."""
    return _key(func) in _shared().functions


def arg_scoped_arguments(func):
    """The names of the arguments that an `arg_scope` may give."""
    return _shared().functions[_key(func)]
