"""`lr = self.lr; lr *= 1. / (1. + self.decay * t)` in an optimizer: a tf.Variable takes no `*=` today.

Each optimizer of Keras up to 2.1 had these lines, and those that were written after them. In a graph `lr *= x` made a
tensor of its own and left the variable alone, as `lr = lr * x` does.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.plans import Change
from tfkdoctor.migrate.updating import within
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SIGNS: dict[type[ast.operator], str] = {ast.Mult: "*", ast.Div: "/", ast.Sub: "-", ast.Pow: "**"}


def run(context: Context, row: Row) -> None:
    """Write each such assignment out."""
    if not (context.moves or context.facts.is_standalone(context.path)):
        return
    if not context.survey.names.classes or not context.facts.defines_method("get_updates"):
        return
    names = context.survey.names
    for node in ast.walk(context.survey.tree):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and type(node.op) in _SIGNS:
            use = names.use_of.get(node.target)
            if use is not None and within(context, use.scope) and _is_attribute(context, node):
                _plan(context, row, node, node.target.id, _SIGNS[type(node.op)])


def _is_attribute(context: Context, node: ast.AugAssign) -> bool:
    """Whether the name stands for an attribute of self, such as `self.lr`."""
    use = context.survey.names.use_of[node.target]
    values = [b.value for b in use.bindings if b.value is not None and b.value is not node.value]
    return any(isinstance(v, ast.Attribute) and isinstance(v.value, ast.Name) and v.value.id == "self" for v in values)


def _plan(context: Context, row: Row, node: ast.AugAssign, name: str, sign: str) -> None:
    lines = context.survey.lines
    after, start, end = lines.end(node.target), lines.start(node.value), lines.end(node.value)
    between = lines.text[after:start]
    at = after + between.index(sign + "=")
    changes = [Change(at, at + len(sign) + 1, (f"= {name} {sign}",))]
    simple = isinstance(node.value, ast.Name | ast.Attribute | ast.Call | ast.Constant | ast.Subscript)
    if not simple and "(" not in between:
        changes += [Change(start, start, ("(",)), Change(end, end, (")",))]
    rewrite(
        context,
        row,
        changes,
        f"`{name} {sign}= …` raises where `{name}` is a variable: a graph made a tensor of it",
        context.survey.names.use_of[node.target].scope,
        (lines.start(node), lines.end(node)),
    )
