"""`x.shape[1].value`: the dimensions of a shape of TensorFlow 2 are whole numbers or None, without `.value`.

What is taken out of a shape by `[i]` or a loop is a Dimension in TensorFlow 1 and a number in TensorFlow 2; what is
taken out of `shape.dims` is a Dimension in both.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Binding, Scope, lookup
from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.migrate.reaching import source_of
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row, standalone: bool) -> None:
    """Plan dimensions without `.value`, and shapes of what may be a Keras tensor or variable as lists.

    In a program of standalone Keras `shapes` writes those that stand beside their tensor.
    """
    for node, scope in context.survey.names.dotted:
        if node.attr != "value" or not isinstance(node.ctx, ast.Load):
            continue
        if standalone and isinstance(node.value, ast.Subscript) and is_shape(context, node.value.value):
            continue
        if _is_dimension(context, node.value, scope):
            _plan(context, row, node, scope, (context.survey.lines.end(node.value), ""))
    if standalone or not any(".keras." in name for name in context.facts.program_names(context.path)):
        return
    for call in context.survey.names.calls_of.get("as_list", ()):
        func, scope = call.func, context.survey.names.scope_of(call)
        if not isinstance(func, ast.Attribute):
            continue
        beside = isinstance(func.value, ast.Attribute) and func.value.attr == "shape"
        if beside or (isinstance(func.value, ast.Name) and is_shape(context, func.value, scope)):
            _plan(context, row, call, scope, (context.survey.lines.end(func.value), "list("))


def is_shape(context: Context, node: ast.expr, scope: Scope | None = None) -> bool:
    """Whether an expression is the static shape of a tensor."""
    if isinstance(node, ast.Attribute):
        return node.attr == "shape"
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "get_shape" and not node.args
    if isinstance(node, ast.Name) and scope is not None:
        bindings = lookup(scope, node.id)
        return bool(bindings) and all(_gives_shape(context, b) for b in bindings)
    return False


def _gives_shape(context: Context, binding: Binding) -> bool:
    if binding.kind == "parameter":  # of the methods that Keras gives shapes
        function = binding.scope.node
        owner = context.survey.names.parents.get(function)
        named = getattr(function, "name", "") in ("build", "compute_output_shape") and binding.name == "input_shape"
        return named and isinstance(owner, ast.ClassDef)
    return binding.value is not None and is_shape(context, binding.value)


def _is_dimension(context: Context, node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is one dimension of a static shape."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice) and is_shape(context, node.value, scope)
    if isinstance(node, ast.Name):
        bindings = lookup(scope, node.id)
        return bool(bindings) and all(_from_shape(context, b) for b in bindings)
    return False


def _from_shape(context: Context, binding: Binding) -> bool:
    """Whether a name stands for each dimension of a shape in turn, or was given one of them."""
    if binding.value is not None:
        return isinstance(binding.value, ast.Subscript) and _is_dimension(context, binding.value, binding.scope)
    source = source_of(binding, context.survey.names.parents)
    return source is not None and is_shape(context, source, binding.scope)


def _plan(context: Context, row: Row, node: ast.expr, scope: Scope, what: tuple[int, str]) -> None:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    at, before = what
    changes = (Change(at, end, (")",)), Change(start, start, (before,))) if before else (Change(at, end, ()),)
    if not context.writable(node):
        return
    context.add(
        TemplatePlan(
            id=context.id(row.code, end),
            code=row.code,
            start=start,
            end=end,
            message="the dimensions of a shape are numbers",
            severity=Severity.ERROR,
            help=row.help,
            changes=changes,
            scope=scope,
        )
    )
