"""A Sequence that shuffles or draws random numbers: Keras 3 calls it more often than Keras 2 did."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.methods import gives_models, is_foreign
from tfkdoctor.model import Numerics
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_METHODS = ("fit_generator", "evaluate_generator", "predict_generator", "fit", "evaluate", "predict")
_BASES = ("keras.utils.Sequence", "keras.utils.data_utils.Sequence")
_DATA = ("generator", "x", "validation_data")


def run(context: Context, row: Row) -> None:
    """Let the model that gets such data call it as Keras 2 did."""
    if context.settings.numerics is Numerics.MODERN:
        return
    if not context.moves and not context.facts.is_standalone(context.path):
        return
    names = context.survey.names
    wanted = {id(call) for method in _METHODS for call in names.calls_of.get(method, ())}
    restless = _restless(context) if wanted else frozenset()
    for call, scope in names.calls if wanted else ():
        func = call.func
        if id(call) not in wanted or not isinstance(func, ast.Attribute) or not _is_model(context, func.value):
            continue
        data = [k.value for k in call.keywords if k.arg in _DATA] + call.args[:1]
        unknown = bool(restless) and func.attr.endswith("_generator") and not any(_is_known(context, n) for n in data)
        if unknown or any(_is_restless(context, node, restless) for node in data):
            bindings = tuple(b for b in context.moves if gives_models(context, b))
            wrap_call(context, func.value, scope, row, f".{func.attr}(…)", bindings, True)


def _restless(context: Context) -> frozenset[str]:
    """The Sequences of the program that do something at the end of an epoch, or draw random numbers."""
    found = set()
    for path in context.facts.programs.get(context.path, (context.path,)):
        summary = context.facts.summaries[path]
        for name, cls in summary.classes.items():
            full = f"{summary.module}.{name}"
            ancestors = context.types.ancestors(full)
            if any(base in ancestors for base in _BASES):
                own = "on_epoch_end" in cls.methods or "random" in summary.attributes
                found |= {full} if own else set()
    return frozenset(found)


def _is_restless(context: Context, node: ast.expr, restless: frozenset[str]) -> bool:
    return any(one in restless for cls in context.types.of(node) for one in context.types.ancestors(cls))


def _is_known(context: Context, node: ast.expr) -> bool:
    """Whether data is shown to be of another kind: a generator, or an instance of another class."""
    if isinstance(node, ast.Name):
        use = context.survey.names.use_of.get(node)
        parameters = use is not None and any(b.kind == "parameter" for b in use.bindings)
        return not parameters and bool(context.types.of(node) or context.survey.describe(node))
    return not isinstance(node, ast.Attribute) or bool(context.types.of(node))


def _is_model(context: Context, receiver: ast.expr) -> bool:
    classes = context.types.of(receiver)
    if classes:
        return all(context.types.inherits(c, "keras.Model") for c in classes)
    return not is_foreign(context, receiver)
