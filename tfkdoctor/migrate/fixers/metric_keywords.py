"""Metrics of `tfe` are called with `labels=` and `predictions=`; those of tf.keras say y_true and y_pred."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_NAMES = {"labels": "y_true", "predictions": "y_pred", "weights": "sample_weight"}


def run(context: Context, row: Row) -> None:
    """Rename the keywords of calls of such metrics, known by their class or by what they are given."""
    if context.facts.mode_of(context.path) != "eager" or not any(
        name.startswith("tensorflow.contrib.eager.metrics.") for name in context.facts.program_names(context.path)
    ):
        return
    lines = context.survey.lines
    for call, scope in context.survey.names.calls:
        given = {k.arg for k in call.keywords}
        if not given & set(_NAMES) or not given <= set(_NAMES) or call.func in context.reference_of:
            continue
        classes = context.types.of(call.func)
        known = bool(classes) and all(context.types.inherits(c, "keras.metrics.Metric") for c in classes)
        if not known and not (isinstance(call.func, ast.Subscript) and {"labels", "predictions"} <= given):
            continue
        starts = [(lines.start(k), k.arg or "") for k in call.keywords]
        changes = tuple(Change(at, at + len(name), (_NAMES[name],)) for at, name in starts)
        context.add(
            TemplatePlan(
                id=context.id(row.code, lines.end(call)),
                code=row.code,
                start=lines.start(call),
                end=lines.end(call),
                message="a metric of tf.keras takes y_true and y_pred",
                severity=Severity.ERROR,
                changes=changes,
                scope=scope,
            )
        )
