"""`layer.output_shape` and `layer.input_shape`, which models still have: shapes of the layer's tensors today."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_ENDS = {"output_shape": "output.shape", "input_shape": "input.shape"}


def run(context: Context, row: Row) -> None:
    """Plan the shapes of what is shown to be a layer."""
    for node, scope in context.survey.names.dotted:
        if node.attr not in _ENDS or not isinstance(node.ctx, ast.Load) or node in context.reference_of:
            continue
        if not context.symbols.is_layer(node.value) or not context.writable(node):
            continue
        end = context.survey.lines.end(node)
        start = end - len(node.attr)
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=f"`.{node.attr}` of a layer is `.{_ENDS[node.attr]}` today",
                severity=Severity.ERROR,
                help=row.help,
                name=node.attr,
                changes=(Change(start, end, (_ENDS[node.attr],)),),
                scope=scope,
            )
        )
