"""`Dropout(0.5)(x, training=True)` on symbolic tensors: fit and predict of Keras 3 set `training` anew."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.migrate.types import TENSOR
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Fix the value in the layer where it is made for this one call; report it elsewhere."""
    if not context.moves:
        return
    lines = context.survey.lines
    for call, scope in context.survey.names.calls:
        given = next((k for k in call.keywords if k.arg == "training"), None)
        literal = given is not None and isinstance(given.value, ast.Constant) and isinstance(given.value.value, bool)
        if given is None or not literal or not any(context.types.is_a(a, TENSOR) for a in call.args[:1]):
            continue
        layers = context.types.of(call.func)
        if not layers or not all(context.types.inherits(c, "keras.Layer") for c in layers):
            continue
        start, end = lines.start(call.func), lines.end(call.func)
        message = "`training=` at the call counted whenever the model ran; Keras 3's fit and predict set it anew"
        if not isinstance(call.func, ast.Call) or not context.settings.support:
            context.found.troubles.append(Trouble(row.code, lines.start(given), lines.end(given), message, row.help))
            continue
        changes = (
            Change(start, start, ("{@support.with_training}(",)),
            Change(end, end, (f", {given.value.value})",)),  # type: ignore[attr-defined]
        )
        context.add(
            TemplatePlan(
                id=context.id(row.code, end),
                code=row.code,
                start=start,
                end=end,
                message=message,
                severity=Severity.ERROR,
                silent=True,
                bindings=tuple(context.moves),
                introduces=introduced(changes),
                changes=changes,
                scope=scope,
            )
        )
