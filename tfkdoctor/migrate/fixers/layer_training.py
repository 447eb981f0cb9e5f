"""Layers of `tf.layers` trained only where their call said so; tf.keras' follow the layer that calls them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Say `training=False` in each call of such a layer that says nothing."""
    if not any(name in context.facts.program_names(context.path) for name in row.of):
        return
    lines = context.survey.lines
    for call, scope in context.survey.names.calls:
        if call.func in context.reference_of or not call.args or isinstance(call.args[-1], ast.Starred):
            continue
        if len(call.args) > 1 or any(k.arg in (None, "training") for k in call.keywords):
            continue
        classes = context.types.of(call.func)
        if not classes or not all(c in ("tensorflow.layers.Dropout",) for c in classes):
            continue
        last = max((*call.args, *(k.value for k in call.keywords)), key=lines.end)
        at = lines.end(last)
        context.add(
            TemplatePlan(
                id=context.id(row.code, at),
                code=row.code,
                start=lines.start(call),
                end=lines.end(call),
                message="a layer of tf.layers trains only where its call says so",
                severity=Severity.ERROR,
                changes=(Change(at, at, (", training=False",)),),
                scope=scope,
            )
        )
