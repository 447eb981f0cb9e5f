"""`optimizer.get_config()["lr"]`: the key is 'learning_rate' today, which may hold a schedule, and 'decay' is gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_KEYS = ("lr", "decay")  # of no other configuration of Keras


def run(context: Context, row: Row) -> None:
    """Give the configuration its old keys back where they are asked of it."""
    if not context.moves:
        return
    for call in context.survey.names.calls_of.get("get_config", ()):
        func = call.func
        if not isinstance(func, ast.Attribute) or call.args or call.keywords:
            continue
        classes = context.types.of(func.value)
        if classes and not all(context.types.inherits(c, "keras.Optimizer") for c in classes):
            continue
        if any(isinstance(k, ast.Constant) and k.value in _KEYS for k in _asked(context, call)):
            _plan(context, row, call, func.value, bool(classes))


def _asked(context: Context, node: ast.AST) -> Iterator[ast.expr]:
    """The keys that are asked of what a call gives, at once or through the name that it is bound to."""
    parents = context.survey.names.parents
    parent = parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.ctx, ast.Load):
        yield parent.slice
    elif isinstance(parent, ast.Attribute) and parent.attr == "get":
        caller = parents.get(parent)
        yield from caller.args[:1] if isinstance(caller, ast.Call) else ()
    elif isinstance(parent, ast.Assign):
        for use in context.survey.names.uses:
            if not use.stored and any(b.value is node for b in use.bindings):
                yield from _asked(context, use.root)


def _plan(context: Context, row: Row, call: ast.Call, receiver: ast.expr, known: bool) -> None:
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    bindings = tuple(b for b in context.moves if gives_models(context, b))
    if not context.settings.support or not context.writable(call):
        scope = context.survey.names.module
        wrap_call(context, call, scope, replace(row, wrap="support.optimizer_config"), "get_config", bindings, known)
        return
    changes = (Change(start, start, ("{@support.optimizer_config}(",)), Change(lines.end(receiver), end, (")",)))
    scope = _scope(context, call)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message="an optimizer's configuration has the rate as 'learning_rate' today, and no 'decay'",
            severity=Severity.ERROR,
            safety=Safety.SAFE,
            bindings=bindings,
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def _scope(context: Context, wanted: ast.Call) -> Scope:
    return next(scope for call, scope in context.survey.names.calls if call is wanted)
