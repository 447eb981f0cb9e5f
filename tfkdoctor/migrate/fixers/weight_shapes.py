"""`self.add_weight((3, 4), initializer=…, name="w")`: the shape stood first in Keras 1, and Keras 2 understood it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.methods import gives_models, gives_shape_first
from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Name the shape; that it is one shows in its form, or in a `name=` beside it."""
    if not context.moves:
        return
    for call, scope in context.survey.names.calls:
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr != "add_weight" or not gives_shape_first(call):
            continue
        classes = context.types.of(func.value)
        if not classes or not all(_is_layer(context, cls) for cls in classes):
            continue
        start = context.survey.lines.start(call.args[0])
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=context.survey.lines.end(call.args[0]),
                message="the first argument of add_weight() is the name in tf.keras: the shape goes as `shape=`",
                severity=Severity.ERROR,
                bindings=tuple(b for b in context.moves if gives_models(context, b)),
                changes=(Change(start, start, ("shape=",)),),
                scope=scope,
            )
        )


def _is_layer(context: Context, cls: str) -> bool:
    """Whether a class is one of Keras' layers, by whatever path it names its base."""
    known = {cls, *context.types.ancestors(cls)}
    return any(one.partition(".")[0] in ("keras", "tensorflow") and one.endswith(".Layer") for one in known)
