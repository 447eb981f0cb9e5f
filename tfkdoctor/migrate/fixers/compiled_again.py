"""`model.compile(model.optimizer, model.loss, model.metrics)`: to take up what changed in the flags of layers.

Source: `compile` in keras 2.2.5 engine/training.py keeps `self.metrics = metrics`; Keras 3 lists its own objects there.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.fixers.metrics import compile_calls, is_of_model, metrics_of
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Change, Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Ask the support code for the metrics that the model was given."""
    if not context.moves:
        return
    lines = context.survey.lines
    for call, scope in compile_calls(context):
        given = metrics_of(call)
        if not isinstance(given, ast.Attribute) or not is_of_model(given):
            continue
        start, end = lines.start(given), lines.end(given)
        message = "`.metrics` of a model are objects of its own today, which compile() does not take back"
        if not context.settings.support or not context.writable(given):
            way = "write the metrics out"
            context.found.troubles.append(Trouble(row.code, start, end, message, way, name="metrics"))
            continue
        change = Change(start, end, ("{@support.given_metrics}(", given.value, ")"))
        rewrite(
            context,
            row,
            (change,),
            message,
            scope,
            (start, end),
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            silent=True,
            name="metrics",
        )
