"""`config['batch_input_shape'] = shape` on the configuration that a layer gave: Keras 3 knows `input_shape` alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_KEY = "batch_input_shape"


def run(context: Context, row: Row) -> None:
    """Plan the key, and the shape without the size of the batch."""
    if not context.moves:
        return
    for subscript in context.survey.names.subscripts:
        key = subscript.slice
        if not isinstance(key, ast.Constant) or key.value != _KEY or not isinstance(subscript.ctx, ast.Store):
            continue
        statement = context.survey.names.parents.get(subscript)
        use = context.survey.names.use_of.get(subscript.value)
        if isinstance(statement, ast.Assign) and use is not None and _is_config(context, subscript.value):
            _plan(context, row, key, statement, use.scope)


def _is_config(context: Context, node: ast.expr) -> bool:
    use = context.survey.names.use_of.get(node)
    if use is None or use.attrs or not use.bindings:
        return False
    return all(b.kind == "assign" and b.value is not None and _gives_config(b.value) for b in use.bindings)


def _gives_config(node: ast.expr) -> bool:
    """Whether an expression is `layer.get_config()`, or a dictionary made of it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_config":
        return True
    return isinstance(node, ast.Call) and any(_gives_config(a) for a in node.args)


def _plan(context: Context, row: Row, key: ast.Constant, statement: ast.Assign, scope: Scope) -> None:
    lines = context.survey.lines
    start, end = lines.start(key), lines.end(key)
    text = lines.segment(key).replace(_KEY, "input_shape")
    value = statement.value
    shape: tuple[Piece, ...] = (value, "[1:]")
    if isinstance(value, ast.Tuple) and value.elts and not isinstance(value.elts[0], ast.Starred):
        rest: list[Piece] = [piece for element in value.elts[1:] for piece in (element, ", ")]
        shape = ("(", *(rest[:-1] if len(rest) > 2 else [*rest[:-1], ","] if rest else []), ")")
    elif not isinstance(value, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        shape = ("(", value, ")[1:]")
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=f"the key `{_KEY}` of a layer's configuration is `input_shape` today, without the batch",
            severity=Severity.ERROR,
            help=row.help,
            bindings=tuple(context.moves),
            changes=(Change(start, end, (text,)), Change(lines.start(value), lines.end(value), shape)),
            scope=scope,
        )
    )
