"""`K.relu(x, self.alpha, self.limit)` with weights of a layer: Keras 3's takes numbers alone.

Source: `relu` in keras/backend/tensorflow_backend.py of 2.2.5 and in keras/src/legacy/backend.py of Keras 3.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.plans import Change, Trouble
from tfkdoctor.migrate.reaching import reaching
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_MAKERS = frozenset(["add_weight", "variable", "zeros", "ones"])


def run(context: Context, row: Row) -> None:
    """Plan the support code's relu for each such call."""
    for call in context.survey.names.calls_of.get("relu", ()):
        reference = context.reference_of.get(call.func)
        if reference is None or reference.name not in row.of or reference.node is not call.func:
            continue
        given = [*call.args[1:3], *(k.value for k in call.keywords if k.arg in ("alpha", "max_value"))]
        if len(call.args) > 3 or any(k.arg in ("threshold", None) for k in call.keywords):
            continue
        if not any(_is_weight(context, value) for value in given):
            continue
        start, end = context.survey.lines.start(call.func), context.survey.lines.end(call.func)
        if not context.settings.support or not context.writable(call):
            message, way = f"`{reference.name}` takes numbers alone today", "write it with tf.nn.relu"
            context.found.troubles.append(Trouble(row.code, start, end, message, way, name=reference.name))
            continue
        change = Change(start, end, ("{@support.relu}",))
        rewrite(
            context,
            row,
            (change,),
            f"`{reference.name}` takes numbers alone today: `relu` of the support module takes weights too",
            reference.use.scope,
            (start, end),
            covers=[reference.node],
            bindings=context.movable(reference.bindings),
            name=reference.name,
        )


def _is_weight(context: Context, node: ast.AST, seen: frozenset[ast.AST] = frozenset()) -> bool:
    """Whether an expression is made of a weight: of `self.alpha` that the class makes with add_weight or K.variable."""
    names = context.survey.names
    for part in ast.walk(node):
        use = names.use_of.get(part)
        if use is None or part is not use.node or part in seen:
            continue
        values: list[ast.expr] = []
        if isinstance(part, ast.Attribute) and use.root.id == "self" and len(use.attrs) == 1:
            owner = use.scope.enclosing_class()
            values = list(names.attributes.get((owner, part.attr), [])) if owner is not None else []
        elif isinstance(part, ast.Name):
            values = [b.value for b in reaching(names, use) if isinstance(b.value, ast.expr)]
        if any(_makes_weight(v) or _is_weight(context, v, seen | {part}) for v in values):
            return True
    return False


def _makes_weight(value: ast.AST) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _MAKERS
