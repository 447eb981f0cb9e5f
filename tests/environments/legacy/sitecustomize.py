# ruff: noqa: UP035, UP045  # Python 3.6 reads this file
"""Makes training with Keras 1 and 2.2 on TensorFlow 1 repeatable; on PYTHONPATH of legacy runs only.

Those versions race inside one `session.run`: an optimizer may read a variable, or its own step counter, before or
after another operation of the same run has overwritten it, so a program prints one of several results by thread
timing. Two things take the race away and leave every formula as it is: variables become resource variables, whose
reads have a place in the graph, and `K.Function` computes all new values before it assigns the first of them.
(The idea is from the project's collection of legacy programs with recorded numbers, whose runner does the same.)

Runs on Python 3.6 and newer, inside the legacy interpreter. Other TensorFlows and programs without Keras are untouched.
"""

import importlib
import importlib.abc
import importlib.util
import sys
import types
from typing import Any, Callable, Optional, Sequence

BACKEND = "keras.backend.tensorflow_backend"


class PatchBackendOnImport(importlib.abc.MetaPathFinder):
    """Lets Python find the Keras backend as usual, and patches it right after its code has run."""

    def find_spec(self, fullname: str, path: Optional[Sequence[str]], target: Optional[types.ModuleType] = None) -> Any:
        if fullname != BACKEND:
            return None
        sys.meta_path.remove(self)
        spec: Any = importlib.util.find_spec(fullname)
        execute = spec.loader.exec_module

        def execute_and_patch(module: types.ModuleType) -> None:
            execute(module)
            read_all_then_write_all(module)

        spec.loader.exec_module = execute_and_patch
        return spec


def read_all_then_write_all(backend: Any) -> None:
    """Let optimizers hand over pairs (variable, new value), and assign them when every value has been computed."""
    if not hasattr(backend, "Function"):
        return
    tensorflow: Any = importlib.import_module("tensorflow")

    def deferred(update: Callable[[Any, Any], Any], new_value: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def replacement(variable: Any, change: Any) -> Any:
            if sys._getframe(1).f_globals.get("__name__") == "keras.optimizers":
                return (variable, new_value(variable, change))
            return update(variable, change)

        return replacement

    backend.update = deferred(backend.update, lambda variable, change: change)
    backend.update_add = deferred(backend.update_add, lambda variable, change: variable + change)
    backend.update_sub = deferred(backend.update_sub, lambda variable, change: variable - change)
    construct = backend.Function.__init__

    def construct_ordered(self: Any, inputs: Any, outputs: Any, updates: Any = None, *more: Any, **named: Any) -> None:
        updates = list(updates or [])
        values = [update[1] for update in updates if isinstance(update, tuple)]
        with tensorflow.control_dependencies(list(outputs) + values):
            updates = [tensorflow.assign(*update) if isinstance(update, tuple) else update for update in updates]
        construct(self, inputs, outputs, updates, *more, **named)

    backend.Function.__init__ = construct_ordered


def prepare() -> None:
    """Switch resource variables on and wait for the Keras backend, where this interpreter has a TensorFlow 1."""
    if not hasattr(sys, "argv"):
        sys.argv = [""]  # TensorFlow 1.4 looks at it on import, before Python has set it
    try:
        tensorflow: Any = importlib.import_module("tensorflow")
    except ImportError:
        return
    if tensorflow.__version__.startswith("1."):
        if hasattr(tensorflow, "enable_resource_variables"):
            tensorflow.enable_resource_variables()
        sys.meta_path.insert(0, PatchBackendOnImport())


prepare()
