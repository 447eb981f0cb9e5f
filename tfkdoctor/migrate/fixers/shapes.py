"""`x.get_shape().as_list()` and `x.shape[1].value`: shapes as TensorFlow 1 gave them.

A Keras tensor's shape is a tuple of whole numbers and None, that of a TensorFlow tensor a TensorShape, which gives the
same when it is iterated or indexed. Source: tensorflow/python/framework/tensor_shape.py of TF 2.21, keras 3.15
backend/common/keras_tensor.py.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers import dimensions
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan
from tfkdoctor.migrate.templates import is_closed
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Plan shapes that are read as both kinds of tensors give them."""
    if context.graph is not None:
        return
    standalone = bool(context.moves) or context.facts.is_standalone(context.path)
    if context.first_tensorflow:
        dimensions.run(context, row, standalone)
    if not standalone:
        return
    for call, scope in context.survey.names.calls:
        func = call.func
        if call.args or call.keywords or not isinstance(func, ast.Attribute):
            continue
        if func.attr == "as_list" and (owner := _owner(func.value)) is not None:
            _plan(context, row, call, scope, ("list(", *_whole(context, owner), ".shape)"))
        elif func.attr == "get_shape" and _is_read(context, call):
            _plan(context, row, call, scope, (*_whole(context, func.value), ".shape"))
    for node, scope in context.survey.names.dotted:
        item = node.value
        if node.attr == "value" and isinstance(node.ctx, ast.Load) and isinstance(item, ast.Subscript):
            owner = _owner(item.value)
            if owner is not None and isinstance(item.slice, ast.Constant | ast.Name | ast.UnaryOp):
                _plan(context, row, node, scope, (*_whole(context, owner), ".shape[", item.slice, "]"))


def _owner(node: ast.expr) -> ast.expr | None:
    """The tensor whose shape an expression is: `x` of `x.get_shape()` and of `x.shape`."""
    if isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Attribute):
        return node.func.value if node.func.attr == "get_shape" else None
    return node.value if isinstance(node, ast.Attribute) and node.attr == "shape" else None


def _is_read(context: Context, call: ast.Call) -> bool:
    """Whether a shape is indexed, or measured by `len` or `tuple`, and nothing else is asked of it."""
    parent = context.survey.names.parents.get(call)
    if isinstance(parent, ast.Subscript):
        outer = context.survey.names.parents.get(parent)
        return not (isinstance(outer, ast.Attribute) and outer.attr == "value")
    return (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Name)
        and parent.func.id in ("len", "tuple", "list")
    )


def _whole(context: Context, node: ast.expr) -> tuple[Piece, ...]:
    return (node,) if is_closed(node, context.survey.lines) else ("(", node, ")")


def _plan(context: Context, row: Row, node: ast.expr, scope: Scope, pieces: tuple[Piece, ...]) -> None:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    if not context.writable(node):
        return
    context.add(
        TemplatePlan(
            id=context.id(row.code, end),
            code=row.code,
            start=start,
            end=end,
            message="the shape of a Keras tensor is a tuple of numbers",
            severity=Severity.ERROR,
            help=row.help,
            changes=(Change(start, end, pieces),),
            scope=scope,
        )
    )
