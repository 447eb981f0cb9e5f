"""Initializers that are used more than once: those of Keras 3 give the same numbers each time.

An initializer without a seed takes one when it is made (keras 3.15, initializers/random_initializers.py), so that the
layers that share it begin alike; Keras 1 and 2 drew anew.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.names import Binding
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_RANDOM = frozenset(
    [
        *("RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal"),
        *("random_normal", "random_uniform", "truncated_normal", "orthogonal", "normal", "uniform"),
        *("glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform"),
        *("get", "deserialize"),
    ]
)
_LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.AsyncFor)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_ONCE = ("__init__", "build")


def run(context: Context, row: Row) -> None:
    """Plan fresh draws for each initializer that is shown to be used again."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.node is not call.func or not reference.name.startswith("keras.initializers."):
            continue
        if reference.name.rpartition(".")[2] not in _RANDOM or _has_seed(call):
            continue
        bindings = context.movable(reference.bindings)
        if (bindings or reference.providers) and _is_shared(context, call):
            wrap_call(context, call, scope, row, reference.name, bindings, reference.certain)


def _has_seed(call: ast.Call) -> bool:
    given = [k.value for k in call.keywords if k.arg == "seed"]
    return any(not (isinstance(value, ast.Constant) and value.value is None) for value in given)


def _is_shared(context: Context, call: ast.Call) -> bool:
    parent = context.survey.names.parents.get(call)
    if isinstance(parent, ast.arguments):
        return True  # the default of a parameter is made once
    holder: ast.AST | None = call
    if isinstance(parent, ast.Dict) or (isinstance(parent, ast.keyword) and _makes_dict(context, parent)):
        holder = parent if isinstance(parent, ast.Dict) else context.survey.names.parents.get(parent)
        parent = context.survey.names.parents.get(holder) if holder is not None else None
    if isinstance(parent, ast.keyword):
        return _is_partial(context.survey.names.parents.get(parent))
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
        return False
    uses = list(_uses(context, parent.targets[0], parent, holder is not call))
    return len(uses) > 1 or any(_again(context, use, parent) for use in uses)


def _makes_dict(context: Context, keyword: ast.keyword) -> bool:
    call = context.survey.names.parents.get(keyword)
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "dict"


def _is_partial(call: ast.AST | None) -> bool:
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name == "partial"


def _uses(context: Context, target: ast.expr, statement: ast.stmt, starred: bool) -> Iterator[ast.AST]:
    """Where what a statement binds is given to a call as an initializer, or as `**` of its arguments."""
    names = context.survey.names
    if isinstance(target, ast.Name):
        for use in names.uses:
            if not use.attrs and any(_is_of(binding, statement) for binding in use.bindings):
                yield from _given(context, use.root, starred)
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        owner = _class_of(context, target)
        for node, _ in names.dotted:
            same = node.attr == target.attr and isinstance(node.value, ast.Name) and node.value.id == target.value.id
            if same and isinstance(node.ctx, ast.Load) and owner is not None and _class_of(context, node) is owner:
                yield from _given(context, node, starred)


def _is_of(binding: Binding, statement: ast.stmt) -> bool:
    return binding.statement is statement or binding.node is statement


def _given(context: Context, node: ast.expr, starred: bool) -> Iterator[ast.AST]:
    parent = context.survey.names.parents.get(node)
    if isinstance(parent, ast.keyword):
        name = parent.arg or ""
        if (starred and parent.arg is None) or name.endswith(("initializer", "init")):
            yield node
    elif isinstance(parent, ast.Call) and node in parent.args and not starred:
        func = parent.func
        if isinstance(func, ast.Attribute) and func.attr == "add_weight":
            yield node


def _again(context: Context, use: ast.AST, statement: ast.stmt) -> bool:
    """Whether one place uses a thing more than once: in a loop, or in a function, that it is not made in."""
    within = {*_ancestors(context, statement)}
    for node in _ancestors(context, use):
        if node in within:
            return False
        if isinstance(node, _LOOPS):
            return True
        if isinstance(node, _FUNCTIONS) and getattr(node, "name", "") not in _ONCE:
            return True
    return False


def _ancestors(context: Context, node: ast.AST) -> Iterator[ast.AST]:
    current = context.survey.names.parents.get(node)
    while current is not None:
        yield current
        current = context.survey.names.parents.get(current)


def _class_of(context: Context, node: ast.AST) -> ast.AST | None:
    return next((a for a in _ancestors(context, node) if isinstance(a, ast.ClassDef)), None)
