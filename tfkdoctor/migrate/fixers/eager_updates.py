"""`K.update` in code that built a graph: it returned an operation, and assigns at once today."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.migrate.updating import within
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_WAY = "write the step that ran these updates as a function of TensorFlow 2 that assigns when it is called"


def run(context: Context, row: Row) -> None:
    for reference in context.found.references:
        call = context.survey.names.parents.get(reference.node)
        if reference.name not in row.of or not isinstance(call, ast.Call) or call.func is not reference.node:
            continue
        if reference.node in context.covered:
            continue
        statement = context.survey.names.parents.get(call)
        if isinstance(statement, ast.Expr) or is_run_in_step(context, context.survey.names.scope_of(call)):
            continue
        lines = context.survey.lines
        context.found.troubles.append(
            Trouble(
                row.code,
                lines.start(call),
                lines.end(call),
                f"`{reference.name}` assigns here and now: it returned an operation that a later step ran",
                _WAY,
                bindings=context.movable(reference.bindings),
                name=reference.name,
            )
        )


def is_run_in_step(context: Context, scope: Scope) -> bool:
    """In the class of an optimizer, or of a layer, whose code runs within a step."""
    if within(context, scope):
        return True
    cls = scope.enclosing_class()
    if cls is None:
        return False
    module = context.survey.module
    ancestors = context.types.ancestors(f"{module}.{cls.qualname}" if module else cls.qualname)
    return any(a in ("keras.Layer", "keras.Model") or a.endswith((".Layer", ".Metric")) for a in ancestors)
