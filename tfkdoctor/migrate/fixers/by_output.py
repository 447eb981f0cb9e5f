"""`scores = model.evaluate(…)` of a model with several outputs: the values came by output, and come by name today."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.metrics import compile_calls
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_METHODS = ("evaluate", "evaluate_generator", "train_on_batch", "test_on_batch")


def run(context: Context, row: Row) -> None:
    """Put the values of models with several outputs, and their names, in the order that they had."""
    allowed = context.settings.support and context.settings.numerics is not Numerics.MODERN
    if not context.moves or not allowed or not has_several(context):
        return
    for call, scope in context.survey.names.calls:
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr not in _METHODS or not _is_plain(func.value):
            continue
        if _is_model(context, func.value) and not isinstance(context.survey.names.parents.get(call), ast.Expr):
            lines = context.survey.lines
            start, end = lines.start(call), lines.end(call)
            model = lines.segment(func.value)  # as it stands: what wraps the receiver is for the call alone
            changes = (
                Change(start, start, ("{@support.by_output}(" + model + ", ",)),
                Change(end, end, (")",)),
            )
            _plan(context, row, call, scope, changes, f"`.{func.attr}(…)`")
    for node, scope in context.survey.names.dotted:
        if node.attr == "metrics_names" and isinstance(node.ctx, ast.Load) and _is_model(context, node.value):
            pieces: tuple[Piece, ...] = ("{@support.names_by_output}(", node.value, ")")
            change = Change(context.survey.lines.start(node), context.survey.lines.end(node), pieces)
            _plan(context, row, node, scope, (change,), "`.metrics_names`")


def has_several(context: Context) -> bool:
    """Whether the program compiles a model with several outputs and metrics: it has losses, or weights, for each."""
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    given = {name for summary in program for callee, name in summary.keywords if callee == "compile"}
    if not given & {"metrics", "weighted_metrics"}:
        return False
    if "loss_weights" in given:
        return True
    for call, _ in compile_calls(context):
        loss = next((k.value for k in call.keywords if k.arg == "loss"), call.args[1] if len(call.args) > 1 else None)
        entries = loss.keys if isinstance(loss, ast.Dict) else loss.elts if isinstance(loss, ast.List) else []
        if len(entries) > 1:
            return True
    return False


def _is_model(context: Context, node: ast.expr) -> bool:
    classes = context.types.of(node)
    return bool(classes) and all(context.types.inherits(c, "keras.Model") for c in classes)


def _is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _plan(context: Context, row: Row, node: ast.expr, scope: Scope, changes: tuple[Change, ...], what: str) -> None:
    lines = context.survey.lines
    plan = TemplatePlan(
        id=context.id(row.code, lines.start(node)),
        code=row.code,
        start=lines.start(node),
        end=lines.end(node),
        message=f"{what} of a model with several outputs is in another order today: its metrics came by output",
        severity=Severity.ERROR,
        introduces=introduced(changes),
        changes=changes,
        scope=scope,
    )
    context.add(plan, [node] if isinstance(node, ast.Attribute) else [])
