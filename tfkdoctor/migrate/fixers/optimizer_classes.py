"""Optimizers of the project's own that compute updates: `get_updates(loss, params)` of Keras 1 and 2.

The class that they inherit from becomes support code, which runs get_updates within a step of tf.keras.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.migrate.updating import CLASSES, is_old, is_optimizer
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Binding, Scope

_DECORATORS = ("keras.legacy.interfaces.legacy_get_updates_support", "keras.backend.symbolic")
_VARIABLES = frozenset(["variable", "zeros", "ones"])
_HARMLESS = frozenset(["get_value", "set_value", "dtype", "int_shape", "name_scope", "batch_get_value"])


def run(context: Context, row: Row) -> None:
    """Give each such class its base."""
    for scope in context.survey.names.classes:
        node = scope.node
        if not isinstance(node, ast.ClassDef):
            continue
        own = {s.name for s in node.body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)}
        bases = [base for base in node.bases if _is_updating(context, base, own)]
        for base in bases:
            reference = context.reference_of.get(base)
            name = reference.name if reference is not None else ast.unparse(base)
            bindings = context.movable(reference.bindings) if reference is not None else ()
            if context.knowledge.origin.keras.startswith("1.") and name.rpartition(".")[2] not in ("Optimizer", "SGD"):
                _wrap_with_epsilon(context, row, base, scope, name, bindings)
            else:
                wrap_call(context, base, scope.parent or scope, row, name, bindings, True)
            context.handed.add(base)
        if bases or is_optimizer(context, scope):
            _drop_decorators(context, row, node, scope)


def _wrap_with_epsilon(
    context: Context, row: Row, base: ast.expr, scope: Scope, name: str, bindings: tuple[Binding, ...]
) -> None:
    """The base class with the epsilon that Keras 1 had."""
    start, end = context.survey.lines.start(base), context.survey.lines.end(base)
    changes = (Change(start, start, ("{@support.with_get_updates}(",)), Change(end, end, (", epsilon=1e-8)",)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=f"`{name}`: {row.size}",
            severity=Severity.ERROR,
            bindings=bindings,
            silent=True,
            name=name,
            introduces=introduced(changes),
            changes=changes,
            scope=scope.parent or scope,
        )
    )


def early_tensors(context: Context, row: Row) -> None:
    """Tell of what such a class computes from its variables before there is a step."""
    for scope in context.survey.names.classes:
        if isinstance(scope.node, ast.ClassDef) and is_optimizer(context, scope):
            _tell_of_early_tensors(context, row, scope.node)


def _is_updating(context: Context, base: ast.expr, methods: set[str]) -> bool:
    """Whether a base class must be the support code's: one of standalone Keras, or one that is handed in."""
    reference = context.reference_of.get(base)
    if reference is not None:
        modern = reference.name.startswith("tensorflow.keras.optimizers.") and "get_updates" in methods
        known = reference.name.rpartition(".")[2] in CLASSES
        moves = bool(context.movable(reference.bindings)) or bool(reference.providers)
        return known and ((is_old(reference.name) and moves) or modern)
    if "get_updates" not in methods or not isinstance(base, ast.Name):
        return False
    use = context.survey.names.use_of.get(base)
    return use is not None and bool(use.bindings) and all(b.kind == "parameter" for b in use.bindings)


def _drop_decorators(context: Context, row: Row, cls: ast.ClassDef, scope: Scope) -> None:
    """What stands above get_updates to translate the arguments of Keras 1, or to build graphs."""
    lines = context.survey.lines
    for method in cls.body:
        decorators = method.decorator_list if isinstance(method, ast.FunctionDef) else []
        starts = [lines.start(d) for d in decorators]
        for place, decorator in enumerate(decorators):
            reference = context.reference_of.get(decorator)
            if reference is None or reference.name not in _DECORATORS:
                continue
            start = context.survey.lines.text.rindex("@", 0, starts[place])
            after = starts[place + 1] if place + 1 < len(starts) else lines.start(method)
            end = context.survey.lines.text.rindex("@", 0, after) if place + 1 < len(starts) else after
            context.add(
                TemplatePlan(
                    id=context.id(row.code, start),
                    code=row.code,
                    start=start,
                    end=lines.end(decorator),
                    message=f"`@{reference.name}` is gone, and support code hands get_updates its arguments",
                    severity=Severity.ERROR,
                    bindings=context.movable(reference.bindings),
                    changes=(Change(start, end, ()),),
                    scope=scope,
                    name=reference.name,
                ),
                [reference.node],
            )


def _tell_of_early_tensors(context: Context, row: Row, cls: ast.ClassDef) -> None:
    """Expressions of variables in `__init__`: they followed the variables in a graph, and are numbers today."""
    method = next((s for s in cls.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"), None)
    if method is None:
        return
    variables = {target for target, value in _attributes(method) if _makes_variable(value)}
    for target, value in _attributes(method):
        if _makes_variable(value) or not any(_computes(node, variables) for node in ast.walk(value)):
            continue
        lines = context.survey.lines
        message = f"`self.{target}` is computed from variables when the optimizer is made, and stays as it is then"
        way = "compute it in get_updates"
        context.found.troubles.append(
            Trouble(row.code, lines.start(value), lines.end(value), message, way, silent=True, name=target)
        )


def _attributes(method: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(method):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute):
                    yield target.attr, node.value


def _makes_variable(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _VARIABLES


def _computes(node: ast.AST, variables: set[str]) -> bool:
    """Whether an operator or a function of the backend is given `self.x` or `self.optimizer.x`, x being a variable."""
    if isinstance(node, ast.BinOp):
        operands: list[ast.expr] = [node.left, node.right]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr not in _HARMLESS:
        operands = list(node.args) if isinstance(node.func.value, ast.Name) else []
    else:
        return False
    return any(_is_variable(operand, variables) for operand in operands)


def _is_variable(node: ast.expr, variables: set[str]) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value
    if isinstance(owner, ast.Name):
        return owner.id == "self" and node.attr in variables
    held = isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id == "self"
    return held and node.attr in ("lr", "iterations", "momentum", "beta_1", "beta_2", "decay", "rho")
