"""`hub.Module(…)` and what else `tensorflow_hub` had for graphs: gone from every release that runs on the target."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_ALIVE = frozenset(["KerasLayer", "load", "resolve"])  # all that tensorflow_hub 0.16.1 exports, read from its package


def run(context: Context, row: Row) -> None:
    """Report each call; whether a module has a successor in the SavedModel format is said where it was published."""
    if not any(name.partition(".")[0] == "tensorflow_hub" for name in context.facts.summaries[context.path].imports):
        return
    for call, _ in context.survey.names.calls:
        name = _of_hub(context, call.func)
        if name is not None and name not in _ALIVE:
            start, end = context.survey.lines.start(call.func), context.survey.lines.end(call.func)
            message = f"`tensorflow_hub.{name}` is gone: today's tensorflow_hub has `load` and `KerasLayer`"
            context.found.troubles.append(Trouble(row.code, start, end, message, row.help))


def _of_hub(context: Context, node: ast.expr) -> str | None:
    """What of the package's own names a call is of; not a method of something that it gave."""
    found = {v.name for v in context.survey.describe(node) if v.kind == "ref" and v.name is not None}
    parts = found.pop().split(".") if len(found) == 1 else []
    return parts[1] if len(parts) == 2 and parts[0] == "tensorflow_hub" else None
