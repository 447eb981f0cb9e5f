"""`@interfaces.legacy_recurrent_support` above a function of the project's own: it translated arguments of Keras 1.

Source: keras/legacy/interfaces.py of 2.2.5. Without it a call that still uses the old names fails loudly.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.plans import Change
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_MODULE = "keras.legacy.interfaces."


def run(context: Context, row: Row) -> None:
    """Take each such decorator away; those of get_updates go with the optimizer's class."""
    if not any(r.name.startswith(_MODULE) for r in context.found.references):
        return
    lines = context.survey.lines
    for node in ast.walk(context.survey.tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name == "get_updates":
            continue
        for place, decorator in enumerate(node.decorator_list):
            callee = decorator.func if isinstance(decorator, ast.Call) else decorator
            reference = context.reference_of.get(callee)
            if reference is None or not reference.name.startswith(_MODULE):
                continue
            following = node.decorator_list[place + 1] if place + 1 < len(node.decorator_list) else None
            start = lines.text.rindex("@", 0, lines.start(decorator))
            end = lines.start(node) if following is None else lines.text.rindex("@", 0, lines.start(following))
            rewrite(
                context,
                row,
                (Change(start, end, ()),),
                f"`@{reference.name}` is gone: `{node.name}` takes no names of Keras 1 any more",
                reference.use.scope,
                (start, lines.end(decorator)),
                covers=[reference.node],
                bindings=context.movable(reference.bindings),
                name=reference.name,
            )
