"""`compile(metrics=["accuracy"])` of a model with several outputs: Keras 3 takes one list for each of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.fixers.metrics import compile_calls
from tfkdoctor.migrate.fixers.output_losses import has_outputs, models
from tfkdoctor.migrate.methods import gives_models, is_foreign
from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_DEPTH = 4


def run(context: Context, row: Row) -> None:
    """Wrap the models of such calls, where they have several outputs or may have."""
    if not context.moves or not context.survey.names.calls_of.get("compile"):
        return
    for call, scope in compile_calls(context):
        assert isinstance(call.func, ast.Attribute)
        if not _gives_list(call, scope) or is_foreign(context, call.func.value):
            continue
        if has_outputs(context, call, scope) or _may_have_outputs(context, call.func.value):
            bindings = tuple(b for b in context.moves if gives_models(context, b))
            wrap_call(context, call.func.value, scope, row, ".compile(metrics=[…])", bindings, True)


def _gives_list(call: ast.Call, scope: Scope) -> bool:
    """Whether metrics are given that may be a plain list: no dict, no lists in a list, no empty one."""
    given = [k.value for k in call.keywords if k.arg in ("metrics", "weighted_metrics")] or call.args[2:3]
    return any(_is_list(node, scope) for node in given)


def _is_list(node: ast.expr | None, scope: Scope, depth: int = 0) -> bool:
    if isinstance(node, ast.Name) and depth < _DEPTH:
        return any(_is_list(b.value, b.scope, depth + 1) for b in lookup(scope, node.id))
    plain = isinstance(node, ast.List | ast.Tuple) and bool(node.elts)
    return plain and not any(isinstance(e, ast.List | ast.Tuple | ast.Dict) for e in node.elts)  # type: ignore[union-attr]


def _may_have_outputs(context: Context, model: ast.expr) -> bool:
    """Whether this file makes a model of a list that grows, so that nobody sees how many outputs it has."""
    classes = context.types.of(model)
    if classes and all(c.endswith(".Sequential") for c in classes):
        return False
    return any(_grows(outputs, scope) for outputs, scope in models(context))


def _grows(node: ast.expr | None, scope: Scope) -> bool:
    if isinstance(node, ast.ListComp):
        return True
    if not isinstance(node, ast.Name):
        return False
    values = [b.value for b in lookup(scope, node.id)]
    return any(isinstance(v, ast.ListComp) or (isinstance(v, ast.List) and not v.elts) for v in values)
