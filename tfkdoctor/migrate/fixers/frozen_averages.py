"""Layers of a nested model that are frozen one by one: their batch normalizations went on averaging in Keras 2."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.weight_order import averages, nesting
from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_MESSAGE = (
    "batch normalizations of a nested model went on averaging where only their own `trainable` was set after the "
    "model was nested"
)


def run(context: Context, row: Row) -> None:
    """Report the flag of a layer that is set in a loop over layers, below the place where a model is nested."""
    if not context.moves or context.settings.numerics is Numerics.MODERN or not averages(context):
        return
    lines = context.survey.lines
    stored = [n for n, _ in context.survey.names.dotted if n.attr == "trainable" and isinstance(n.ctx, ast.Store)]
    nested = min((lines.start(call) for call in nesting(context)), default=None) if stored else None
    for node in stored:
        start, end = lines.start(node), lines.end(node)
        if nested is not None and start > nested and _in_loop_over_layers(context, node):
            context.found.troubles.append(Trouble(row.code, start, end, _MESSAGE, row.help, Severity.WARNING))


def _in_loop_over_layers(context: Context, node: ast.Attribute) -> bool:
    """`for layer in base.layers: layer.trainable = …`; not over the layers of the model that is trained itself."""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, ast.FunctionDef | ast.ClassDef):
        if isinstance(current, ast.For) and isinstance(current.target, ast.Name):
            over = {n.value for n in ast.walk(current.iter) if isinstance(n, ast.Attribute) and n.attr == "layers"}
            owner = isinstance(node.value, ast.Name) and node.value.id == current.target.id
            if owner and any(_is_nested(context, one) for one in over):
                return True
        current = context.survey.names.parents.get(current)
    return False


def _is_nested(context: Context, owner: ast.expr) -> bool:
    """Whether these are the layers of a model that is called, or added to another one."""
    lines = context.survey.lines
    nested = {lines.segment(c.args[0] if _adds(c) else c.func) for c in nesting(context)}
    return lines.segment(owner) in nested


def _adds(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "add"
