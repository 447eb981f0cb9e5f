"""`predict` for one sample after another, as agents call it: on Keras 3 each call makes an iterator and a data set."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import CallPlan, Change, TemplatePlan
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SILENT = frozenset(["verbose", "batch_size"])
_PICKS = frozenset(["argmax", "amax", "max", "squeeze"])


def run(context: Context, row: Row) -> None:
    if not context.moves and not context.facts.is_standalone(context.path):
        return
    for call in context.survey.names.calls_of.get("predict", ()):
        func = call.func
        if not isinstance(func, ast.Attribute) or not _takes_one(call) or not _is_step(context, call):
            continue
        if not context.types.is_a(func.value, "keras.Model") or _is_planned(context, call):
            continue
        lines = context.survey.lines
        start, end = lines.start(call), lines.end(call)
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message="`predict` is called step by step here, and each call costs about 50 times predict_on_batch",
                severity=Severity.HINT,
                safety=Safety.UNSAFE,
                help=row.help,
                name="predict",
                changes=(Change(start, end, (func.value, ".predict_on_batch(", call.args[0], ")")),),
                scope=context.survey.names.scope_of(call),
            )
        )


def _takes_one(call: ast.Call) -> bool:
    plain = len(call.args) == 1 and not isinstance(call.args[0], ast.Starred)
    return plain and all(k.arg in _SILENT for k in call.keywords)


def _is_planned(context: Context, call: ast.Call) -> bool:
    return any(isinstance(p, CallPlan) and p.call is call for p in context.found.plans)


def _is_step(context: Context, call: ast.Call) -> bool:
    """Whether the data of a call is of one step: made anew in the loop around it, or one sample that is handed in."""
    names = {n.id for n in ast.walk(call.args[0]) if isinstance(n, ast.Name)}
    for around in _around(context, call):
        if isinstance(around, ast.While | ast.For):
            inner = {n.id for s in around.body for n in _stored(s)}
            if names & inner and _has_loop(context, around):
                return True
        if isinstance(around, ast.FunctionDef):
            parameters = {a.arg for a in around.args.args} - {"self"}
            return bool(names & parameters) and _picks_one(context, call)
    return False


def _around(context: Context, node: ast.AST) -> Iterator[ast.AST]:
    parent = context.survey.names.parents.get(node)
    while parent is not None:
        yield parent
        parent = context.survey.names.parents.get(parent)


def _stored(statement: ast.stmt) -> Iterator[ast.Name]:
    return (n for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _has_loop(context: Context, loop: ast.While | ast.For) -> bool:
    """A `while`, or a loop within another: what runs hundreds of times, not once for each fold or model."""
    return isinstance(loop, ast.While) or any(isinstance(a, ast.While | ast.For) for a in _around(context, loop))


def _picks_one(context: Context, call: ast.Call) -> bool:
    """Whether the first row, or the best entry, of the prediction is taken."""
    parent = context.survey.names.parents.get(call)
    if isinstance(parent, ast.Subscript):
        return isinstance(parent.slice, ast.Constant) and parent.slice.value == 0
    named = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute)
    return named and isinstance(parent, ast.Call) and getattr(parent.func, "attr", "") in _PICKS
