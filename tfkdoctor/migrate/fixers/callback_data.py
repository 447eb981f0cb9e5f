"""Callbacks that read `self.validation_data` or `self.params["samples"]`: Keras 3 sets neither, fit is made to."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.methods import gives_models, is_foreign
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_NAME = "validation_data"
_SIZES = frozenset(["samples", "batch_size", "do_validation"])
_METHODS = ("fit", "fit_generator")
_CALLBACK = "keras.callbacks.Callback"


def run(context: Context, row: Row) -> None:
    """Wrap the models whose training gets callbacks, if the program has a callback that reads such data."""
    names = context.survey.names
    wanted = {id(call) for method in _METHODS for call in names.calls_of.get(method, ())}
    if not wanted or not context.moves or not _reads(context):
        return
    for call, scope in names.calls:
        func = call.func
        if id(call) not in wanted or not isinstance(func, ast.Attribute) or is_foreign(context, func.value):
            continue
        classes = context.types.of(func.value)
        if classes and not all(context.types.inherits(c, "keras.Model") for c in classes):
            continue
        if any(k.arg in ("callbacks", None) for k in call.keywords) or len(call.args) > 5:
            bindings = tuple(b for b in context.moves if gives_models(context, b))
            wrap_call(context, func.value, scope, row, f".{func.attr}(callbacks=…)", bindings, True)


def _reads(context: Context) -> bool:
    """Whether a callback of the program has such data that it does not set itself."""
    facts = context.facts
    for path in facts.programs.get(context.path, (context.path,)):
        summary = facts.summaries[path]
        sizes = bool(_SIZES & summary.keys) and "params" in summary.attributes
        if _NAME not in summary.attributes and not sizes:
            continue
        for name, cls in summary.classes.items():
            full = f"{summary.module}.{name}" if summary.module else name
            if (sizes or _NAME not in cls.attributes) and _CALLBACK in context.types.ancestors(full):
                return True
    return False
