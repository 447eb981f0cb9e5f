"""`compile(weighted_metrics=['acc'])`: logged as 'weighted_acc' up to 2.2.5, and averaged otherwise than today.

Source: `handle_metrics` of keras 2.2.5 engine/training.py, `weighted_masked_objective` of engine/training_utils.py.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.fixers.metrics import compile_calls
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Change, Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PLACE = 5  # compile(optimizer, loss, metrics, loss_weights, sample_weight_mode, weighted_metrics)


def run(context: Context, row: Row) -> None:
    """Put what is given into the support code's function of that name."""
    if not (context.moves or context.first_keras):
        return
    lines = context.survey.lines
    for call, scope in compile_calls(context):
        given = next((k.value for k in call.keywords if k.arg == "weighted_metrics"), None)
        if given is None and len(call.args) > _PLACE:
            given = call.args[_PLACE]
        if given is None or (isinstance(given, ast.Constant) and given.value is None):
            continue
        start, end = lines.start(given), lines.end(given)
        message = "weighted metrics were logged as 'weighted_…', and weighed by each batch"
        if not context.settings.support or not context.writable(given):
            way = "allow support code (without --no-support)"
            context.found.troubles.append(Trouble(row.code, start, end, message, way, silent=True))
            continue
        loss = next((k.value for k in call.keywords if k.arg == "loss"), None) or next(iter(call.args[1:2]), None)
        binary = loss is not None and any(_is_binary(part) for part in ast.walk(loss))
        plain = isinstance(loss, ast.Constant | ast.Dict) and loss is not None
        shown = f", {ast.unparse(loss)}" if plain and binary and loss is not None else ""
        changes = (Change(start, start, ("{@support.weighted_metrics}(",)), Change(end, end, (shown + ")",)))
        rewrite(
            context,
            row,
            changes,
            message,
            scope,
            (start, end),
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            silent=True,
        )


def _is_binary(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "binary_crossentropy"
