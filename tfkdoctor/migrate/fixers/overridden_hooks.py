"""Methods that Keras 2 called on its own classes, and Keras 3 does not: overridden, they are never run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.migrate.survey import join
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Tell of such a method in a subclass of its class; `of` names both."""
    hooks: dict[str, list[str]] = {}
    for name in row.of:
        cls, _, method = name.rpartition(".")
        hooks.setdefault(method, []).append(cls)
    for scope in context.survey.names.classes:
        for node in scope.node.body if isinstance(scope.node, ast.ClassDef) else ():
            if not isinstance(node, ast.FunctionDef) or node.name not in hooks:
                continue
            ancestors = context.types.ancestors(join(context.survey.module, scope.qualname))
            base = next((a for a in ancestors if a in hooks[node.name]), None)
            if base is not None:
                lines = context.survey.lines
                start = lines.start(node)
                message = f"nothing calls `{node.name}` any more: {base.rpartition('.')[2]} did in Keras 2"
                context.found.troubles.append(
                    Trouble(row.code, start, start + len("def"), message, row.help, name=f"{base}.{node.name}")
                )
