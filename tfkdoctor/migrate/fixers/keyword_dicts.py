"""Keywords of Keras 1 in a dictionary that a layer is called with: `LSTM(4, **dict(inner_init="one"))`; reported."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor import homes
from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Tell of each call of standalone Keras that gets an old keyword through `**` of a dictionary in sight."""
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.node is not call.func or not is_legacy_root(context, reference.name):
            continue
        known = homes.old_arguments(reference.name).names
        for keyword in call.keywords:
            keys = _keys(context, keyword.value) if keyword.arg is None else []
            old = [key for key in keys if key in known]
            if old:
                lines = context.survey.lines
                message = f"`{reference.name}` gets `{old[0]}` through `**`, which is `{known[old[0]]}` today"
                way = "rename it where the dictionary is made, or write it in the call"
                start, end = lines.start(keyword.value), lines.end(keyword.value)
                context.found.troubles.append(Trouble(row.code, start, end, message, way, name=reference.name))


def _keys(context: Context, node: ast.expr) -> list[str]:
    """The keys of a dictionary that is written out here, or where the name is bound."""
    if isinstance(node, ast.Dict):
        return [k.value for k in node.keys if isinstance(k, ast.Constant) and isinstance(k.value, str)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return [k.arg for k in node.keywords if k.arg is not None]
    use = context.survey.names.use_of.get(node)
    values = [b.value for b in use.bindings] if use is not None and not use.attrs else []
    seen = [value for value in values if isinstance(value, ast.Dict | ast.Call)]
    return [key for value in seen for key in _keys(context, value)]
