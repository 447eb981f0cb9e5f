"""`set(model.trainable_weights)`: the variables of Keras 3 have no hash, and no model lists one twice."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_WEIGHTS = ("weights", "trainable_weights", "non_trainable_weights", "_trainable_weights", "_non_trainable_weights")


def run(context: Context, row: Row) -> None:
    """Plan a list in the place of each such set."""
    if context.graph is not None:
        return
    for call, scope in context.survey.names.calls:
        func, given = call.func, call.args
        if not isinstance(func, ast.Name) or func.id != "set" or len(given) != 1:
            continue
        if not isinstance(given[0], ast.Attribute) or given[0].attr not in _WEIGHTS or not context.writable(call):
            continue
        parent = context.survey.names.parents.get(call)
        if context.survey.names.use_of[func].bindings or isinstance(parent, ast.BinOp | ast.Attribute | ast.Compare):
            continue
        start, end = context.survey.lines.start(func), context.survey.lines.end(func)
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message="the variables of Keras 3 have no hash",
                severity=Severity.ERROR,
                help=row.help,
                name="set",
                changes=(Change(start, end, ("list",)),),
                scope=scope,
            )
        )
