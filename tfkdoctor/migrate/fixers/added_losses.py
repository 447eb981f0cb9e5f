"""`model.add_loss(loss)` with a symbolic loss: Keras 3 takes losses in the `call` of a layer alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Plan each such call."""
    if context.graph is not None:
        return
    for call, scope in context.survey.names.calls:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "add_loss" and (call.args or call.keywords):
            _match(context, row, call, func, scope)


def _match(context: Context, row: Row, call: ast.Call, func: ast.Attribute, scope: Scope) -> None:
    lines = context.survey.lines
    losses = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg in ("losses", "loss")), None)
    start, end = lines.start(call), lines.end(call)
    if losses is None or not context.symbols.holds(losses):
        return
    message = "Keras 3 takes no symbolic loss"
    if not context.settings.support:
        way = "allow support code (without --no-support), or call `self.add_loss` in the `call` of a layer"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, name="add_loss"))
        return
    changes = (Change(start, end, ("{@support.add_loss}(", func.value, ", ", losses, ")")),)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            help=row.help,
            name="add_loss",
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )
