"""`SGD(lr=1)`: Keras 3 takes no int for a learning rate. Source: keras/src/optimizers/base_optimizer.py, `__init__`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.plans import Change
from tfkdoctor.migrate.reaching import reaching
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_HOMES = ("keras.optimizers.", "tensorflow.keras.optimizers.")


def run(context: Context, row: Row) -> None:
    """Make floats of such rates."""
    if not context.moves:
        return
    lines = context.survey.lines
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.node is not call.func or not reference.name.startswith(_HOMES):
            continue
        rates = [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("lr", "learning_rate"))]
        given = rates[0] if len(rates) == 1 else None  # both names of it: the call is an error already
        if given is None or not context.writable(given) or not reference.name.rpartition(".")[2][:1].isupper():
            continue
        start, end = lines.start(given), lines.end(given)
        if _is_int(given) and lines.text[start:end].isdecimal():
            changes: tuple[Change, ...] = (Change(end, end, (".0",)),)
        elif isinstance(given, ast.Name) and _holds_int(context, given):
            changes = (Change(start, start, ("float(",)), Change(end, end, (")",)))
        else:
            continue
        rewrite(
            context,
            row,
            changes,
            "a learning rate is a float on Keras 3, which raises for an int",
            scope,
            (start, end),
            bindings=context.movable(reference.bindings),
        )


def _is_int(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _holds_int(context: Context, node: ast.Name) -> bool:
    use = context.survey.names.use_of.get(node)
    bindings = reaching(context.survey.names, use) if use is not None else ()
    return bool(bindings) and all(_is_int(b.value) for b in bindings)
