"""`get_weights` and `set_weights` of models that hold models with batch normalization: the order of Keras 2."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers import gate_weights
from tfkdoctor.migrate.methods import gives_models, is_foreign, is_project_attribute
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_METHODS = ("get_weights", "set_weights")
_AVERAGES = "BatchNormalization"


def run(context: Context, row: Row) -> None:
    """Plan the support code's functions in the place of both methods."""
    names = context.survey.names
    wanted = {id(call) for method in _METHODS for call in names.calls_of.get(method, ())}
    if not wanted or context.settings.numerics is Numerics.MODERN:
        return
    if not context.moves and not context.facts.is_standalone(context.path):
        return
    if not averages(context) or not any(nesting(context)) or gate_weights.kinds(context)[0]:
        return
    lines = context.survey.lines
    for call, scope in names.calls:
        func = call.func
        if id(call) not in wanted or not isinstance(func, ast.Attribute) or not _may_be_model(context, func):
            continue
        if len(call.args) != (func.attr == "set_weights") or call.keywords:
            continue
        start, end = lines.start(call), lines.end(call)
        message = "a model within the model has its averages last in Keras 2's order of weights"
        if not context.settings.support or not context.writable(call):
            context.found.troubles.append(Trouble(row.code, start, end, message, row.help, Severity.WARNING))
            continue
        given = (", ", call.args[0]) if call.args else ()
        change = Change(start, end, ("{@support." + func.attr + "}(", func.value, *given, ")"))
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=message,
                severity=Severity.WARNING,
                help=row.help,
                name=func.attr,
                bindings=tuple(b for b in context.moves if gives_models(context, b)),
                silent=True,
                introduces=introduced([change]),
                changes=(change,),
                scope=scope,
            )
        )


def averages(context: Context) -> bool:
    """Whether the program has batch normalizations."""
    used = {name.rpartition(".")[2] for name in context.facts.program_names(context.path)}
    return _AVERAGES in used or any(".applications" in n for n in context.facts.program_names(context.path))


def nesting(context: Context) -> Iterator[ast.Call]:
    """Where this file calls a model as a layer, or adds one to a Sequential."""
    for call, _ in context.survey.names.calls:
        if len(call.args) != 1 or not isinstance(call.func, ast.Name | ast.Attribute):
            continue
        adds = isinstance(call.func, ast.Attribute) and call.func.attr == "add"
        if _is_model(context, call.args[0] if adds else call.func):
            yield call


def _is_model(context: Context, node: ast.expr) -> bool:
    classes = context.types.of(node)
    return bool(classes) and all(context.types.inherits(c, "keras.Model") for c in classes)


def _may_be_model(context: Context, func: ast.Attribute) -> bool:
    """Whether a receiver is a model, or does not show what it is."""
    if is_foreign(context, func.value) or is_project_attribute(context, func):
        return False
    classes = context.types.of(func.value)
    return not classes or all(context.types.inherits(c, "keras.Model") for c in classes)
