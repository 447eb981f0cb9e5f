"""Optimizers given to compile() by a name whose default learning rate has changed: it runs, so it is reported."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_OLD_RATES = {"adadelta": "Adadelta(learning_rate=1.0)", "adagrad": "Adagrad(learning_rate=0.01)"}
_OLD_RATES |= {"adamax": "Adamax(learning_rate=0.002)", "nadam": "Nadam(learning_rate=0.002)"}


def run(context: Context, row: Row) -> None:
    """Report `compile(optimizer="adadelta")` where standalone Keras stands behind the model."""
    if not context.moves:
        return
    for call, _ in context.survey.names.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "compile":
            continue
        given = [k.value for k in call.keywords if k.arg == "optimizer"] + call.args[:1]
        for value in given[:1]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.lower() in _OLD_RATES:
                lines = context.survey.lines
                message = f"the optimizer '{value.value}' has a learning rate of 0.001 today, and had another one"
                way = f"write keras.optimizers.{_OLD_RATES[value.value.lower()]}"
                context.found.troubles.append(Trouble(row.code, lines.start(value), lines.end(value), message, way))
