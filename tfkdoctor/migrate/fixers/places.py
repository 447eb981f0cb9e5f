"""Where a file's own functions come to run on tensors: as losses and metrics of compile(), as `call` of layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.metrics import compile_calls, metrics_of
from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.migrate.survey import join

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


@dataclass(slots=True, eq=False)
class Place:
    """Where compile() is given a function, with what its factory's parameters stand for, or where a layer is called."""

    call: ast.Call
    scope: Scope
    leaf: ast.expr | None  # None for the call of a layer
    arguments: dict[str, ast.expr] = field(default_factory=dict)


def places(context: Context) -> dict[ast.AST, list[Place]]:
    """The functions that compile() is given, and the `call` of each layer, with the places where that happens."""
    found: dict[ast.AST, list[Place]] = {}
    for call, scope in compile_calls(context):
        for leaf in _leaves(call):
            place = Place(call, scope, leaf)
            function = _function(context, place, leaf, scope)
            if function is not None:
                found.setdefault(function, []).append(place)
    return found | _layers(context)


def _layers(context: Context) -> dict[ast.AST, list[Place]]:
    """The `call` of each of the file's layers, and where such a layer is called."""
    found: dict[ast.AST, list[Place]] = {}
    names = context.survey.names
    methods = {join(context.survey.module, s.qualname): s.names.get("call", []) for s in names.classes}
    for call, scope in names.calls:
        classes = (
            context.types.of(call.func) if call.args and not isinstance(call.args[0], ast.Starred) else frozenset()
        )
        bindings = methods.get(next(iter(classes)), []) if len(classes) == 1 else []
        if (
            len(bindings) == 1
            and context.symbols.functions.is_traced(bindings[0].node)
            and not context.symbols.functions.is_traced(call)
        ):
            found.setdefault(bindings[0].node, []).append(Place(call, scope, None))
    return found


def _leaves(call: ast.Call) -> Iterator[ast.expr]:
    """The single losses and metrics that compile() is given."""
    loss = next((k.value for k in call.keywords if k.arg == "loss"), call.args[1] if len(call.args) > 1 else None)
    stack = [node for node in (loss, metrics_of(call)) if node is not None]
    while stack:
        node = stack.pop(0)
        if isinstance(node, ast.List | ast.Tuple):
            stack += node.elts
        elif isinstance(node, ast.Dict):
            stack += node.values
        else:
            yield node


def _function(context: Context, place: Place, node: ast.expr | None, scope: Scope) -> ast.AST | None:
    """The function of this file that is given, also through a variable or made by another function of the file."""
    if isinstance(node, ast.Lambda):
        return node
    if isinstance(node, ast.Call):
        factory = context.symbols.functions.function_of(node)
        made = context.survey.names.returns.get(factory, []) if factory is not None else []
        if factory is None or len(made) != 1 or not isinstance(factory.node, ast.FunctionDef):
            return None
        names = [a.arg for a in factory.node.args.args][isinstance(node.func, ast.Attribute) :]
        place.arguments |= dict(zip(names, node.args, strict=False)) | {k.arg: k.value for k in node.keywords if k.arg}
        return _function(context, place, made[0], factory)
    if isinstance(node, ast.Name):
        bindings = lookup(scope, node.id)
        if len(bindings) != 1:
            return None
        if bindings[0].kind == "function":
            return bindings[0].node
        return _function(context, place, bindings[0].value, bindings[0].scope) if bindings[0].value else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        owner = scope.enclosing_class()
        found = [b for b in owner.names.get(node.attr, ()) if b.kind == "function"] if owner is not None else []
        return found[0].node if len(found) == 1 else None
    return None
