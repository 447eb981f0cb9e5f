"""`model.layers.pop()`: the list was the model's own in Keras 1 and 2, and is a copy today, so that nothing happens."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.methods import is_foreign, is_project_attribute
from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Report each; what the program does with the shorter list does not show."""
    if not context.moves and not context.facts.is_standalone(context.path):
        return
    for call, _ in context.survey.names.calls:
        func = call.func
        owner = func.value if isinstance(func, ast.Attribute) and func.attr == "pop" else None
        if isinstance(owner, ast.Attribute) and owner.attr == "layers" and _is_model(context, owner):
            start, end = context.survey.lines.start(call), context.survey.lines.end(call)
            message = "`.layers` is a copy today: to take a layer out of it does not change the model"
            context.found.troubles.append(Trouble(row.code, start, end, message, row.help))


def _is_model(context: Context, layers: ast.Attribute) -> bool:
    classes = context.types.of(layers.value)
    if is_foreign(context, layers.value) or is_project_attribute(context, layers):
        return False
    return not classes or all(context.types.inherits(c, "keras.Model") for c in classes)
