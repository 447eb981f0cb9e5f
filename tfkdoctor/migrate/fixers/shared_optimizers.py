"""One optimizer that several models, or several compile() calls, are given: Keras 3 builds it for one set of weights.

`optimizer = Adam(0.0002, 0.5)`, then `discriminator.compile(optimizer=optimizer)` and `combined.compile(…)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.fixers.metrics import compile_calls
from tfkdoctor.migrate.names import Scope
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_Key = tuple[Scope, str]


def run(context: Context, row: Row) -> None:
    """Wrap each optimizer that is made here, held by a name or by `self`, and given twice."""
    if not context.moves or not context.survey.names.calls_of.get("compile"):
        return
    given: dict[_Key, int] = {}
    for node, call, scope in _given(context):
        key = _key(context, node, scope)
        if key is not None:
            given[key] = given.get(key, 0) + (2 if _again(context, call, key) else 1)
    for key in (k for k, times in given.items() if times > 1):
        for value, scope in _made(context, key):
            reference = context.reference_of.get(value.func)
            if reference is not None and reference.name.startswith("keras.optimizers."):
                bindings = context.movable(reference.bindings)
                wrap_call(context, value, scope, row, reference.name, bindings, reference.certain)


def _given(context: Context) -> Iterator[tuple[ast.expr, ast.Call, Scope]]:
    """What compile() is given as optimizer, and what a function of this file is given."""
    for call, scope in compile_calls(context):
        named = next((k.value for k in call.keywords if k.arg == "optimizer"), None)
        node = named if named is not None else call.args[0] if call.args else None
        if node is not None:
            yield node, call, scope
    for call, scope in context.survey.names.calls:
        if context.symbols.functions.function_of(call) is not None:
            yield from ((node, call, scope) for node in (*call.args, *(k.value for k in call.keywords)))


def _key(context: Context, node: ast.expr, scope: Scope) -> _Key | None:
    """The variable, or attribute of `self`, that holds it."""
    if isinstance(node, ast.Name):
        use = context.survey.names.use_of.get(node)
        found = [b for b in use.bindings if b.kind == "assign"] if use is not None else []
        return (found[0].scope, node.id) if found else None
    owner = scope.enclosing_class()
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self" and owner:
        return owner, node.attr
    return None


def _made(context: Context, key: _Key) -> Iterator[tuple[ast.Call, Scope]]:
    """The calls that give such a name its value."""
    scope, name = key
    if scope.kind == "class":
        values: list[ast.expr | None] = list(context.survey.names.attributes.get(key, []))
    else:
        values = [b.value for b in scope.names.get(name, [])]
    for value in values:
        if isinstance(value, ast.Call):
            yield value, context.survey.names.scope_of(value)


def _again(context: Context, call: ast.Call, key: _Key) -> bool:
    """Whether a call stands in a loop, and what it is given outside of it."""
    scope, name = key
    statements = [b.statement for b in scope.names.get(name, ())]
    parents = context.survey.names.parents
    current: ast.AST | None = call
    while current is not None and not isinstance(current, ast.FunctionDef | ast.Module):
        if isinstance(current, ast.For | ast.While):
            inside = set(map(id, ast.walk(current)))
            return not any(id(s) in inside for s in statements)
        current = parents.get(current)
    return False
