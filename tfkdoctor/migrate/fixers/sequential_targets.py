"""Dicts by the name of the output for a Sequential, which has one output: Keras 3 knows no names of its outputs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PLACES = {
    "compile": {"loss": 1, "metrics": 2, "loss_weights": 3},
    "fit": {"y": 1},
    "evaluate": {"y": 1},
    "train_on_batch": {"y": 1},
    "test_on_batch": {"y": 1},
}


def run(context: Context, row: Row) -> None:
    """Give the one value of such a dict in its place."""
    if not context.moves:
        return
    lines = context.survey.lines
    for call, scope in context.survey.names.calls:
        places = _PLACES.get(call.func.attr) if isinstance(call.func, ast.Attribute) else None
        if places is None or not isinstance(call.func, ast.Attribute):
            continue
        classes = context.types.of(call.func.value)
        if not classes or not all(c.endswith(".Sequential") for c in classes):
            continue
        given = [k.value for k in call.keywords if k.arg in places]
        given += [call.args[n] for n in places.values() if n < len(call.args)]
        for node in given:
            if not isinstance(node, ast.Dict) or len(node.keys) != 1 or node.keys[0] is None:
                continue
            start, end = lines.start(node), lines.end(node)
            context.add(
                TemplatePlan(
                    id=context.id(row.code, start),
                    code=row.code,
                    start=start,
                    end=end,
                    message="a Sequential's one output has no name on Keras 3: its value stands for itself",
                    severity=Severity.ERROR,
                    bindings=tuple(context.moves),
                    changes=(Change(start, end, (node.values[0],)),),
                    scope=scope,
                )
            )
