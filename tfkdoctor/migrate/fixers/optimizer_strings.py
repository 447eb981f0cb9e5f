"""Optimizers that go by a name whose default learning rate has changed, where the call itself does not show it.

`compile("adadelta", …)` is a row of TFK503; here is what comes through a variable or `optimizers.get`: it runs on.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CHANGED = ("adadelta", "adagrad", "adamax", "nadam")


def run(context: Context, row: Row) -> None:
    """Report names of optimizers that reach compile() or `optimizers.get` by another way than a literal."""
    if not context.moves:
        return
    lines = context.survey.lines
    for call, _ in context.survey.names.calls:
        given = [k.value for k in call.keywords if k.arg in ("optimizer", "identifier")] + call.args[:1]
        for value in given[:1]:
            name = _name(context, call, value)
            if name is not None:
                message = f"the optimizer '{name}' has a learning rate of 0.001 today, and had another one"
                way = "make it with its class, and its learning_rate of old"
                start, end = lines.start(value), lines.end(value)
                context.found.troubles.append(Trouble(row.code, start, end, message, way))


def _name(context: Context, call: ast.Call, value: ast.expr) -> str | None:
    reference = context.reference_of.get(call.func)
    if reference is not None and reference.name == "keras.optimizers.get":
        values: list[ast.expr | None] = [value]
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "compile" and isinstance(value, ast.Name):
        values = [binding.value for binding in context.survey.names.use_of[value].bindings]
    else:
        return None
    names = [v.value.lower() for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return next((name for name in names if name in _CHANGED), None)
