"""`K.in_train_phase` in the `call` of a layer, which is told of training by an argument today."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, Reference, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope


def run(context: Context, row: Row) -> None:
    if not context.settings.support:
        return
    widened: set[ast.FunctionDef] = set()
    for reference in context.found.references:
        call = context.survey.names.parents.get(reference.node)
        if reference.name not in row.of or not isinstance(call, ast.Call) or call.func is not reference.node:
            continue
        if reference.node in context.covered or any(isinstance(a, ast.Starred) for a in call.args):
            continue
        given = len(call.args) > 2 or any(k.arg in ("training", None) for k in call.keywords)
        method = None if given else _call_of_layer(context, reference.use.scope)
        if given or method is not None:
            _plan(context, row, reference, call, method, widened)


def _plan(
    context: Context,
    row: Row,
    reference: Reference,
    call: ast.Call,
    method: ast.FunctionDef | None,
    widened: set[ast.FunctionDef],
) -> None:
    lines, node = context.survey.lines, reference.node
    piece = reference.name.rpartition(".")[2]
    changes = [Change(lines.start(node), lines.end(node), ("{@support." + piece + "}",))]
    if method is not None:
        last: ast.expr = call.keywords[-1].value if call.keywords else call.args[-1]
        end = max(lines.end(a) for a in (last, *call.args))
        closing = lines.end(call) - 1
        changes.append(
            Change(closing, closing, (", training=training",))
            if _no_comma(lines.text[end:closing])
            else Change(closing, closing, (" training=training",))
        )
        if "training" not in _parameters(method) and method not in widened:
            widened.add(method)
            place = lines.end(method.args.defaults[-1]) if method.args.defaults else lines.end(method.args.args[-1])
            place = max(place, lines.end(method.args.args[-1]))
            changes.insert(0, Change(place, place, (", training=None",)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, lines.start(node)),
            code=row.code,
            start=lines.start(call),
            end=lines.end(call),
            message=f"`{reference.name}` is gone: `training` of the layer's call says what the learning phase said",
            severity=Severity.ERROR,
            safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
            bindings=context.movable(reference.bindings),
            requires=reference.providers,
            providers=reference.providers,
            introduces=introduced(changes),
            changes=tuple(changes),
            scope=reference.use.scope,
            name=reference.name,
        ),
        [node],
    )


def _no_comma(rest: str) -> bool:
    return not rest.strip().endswith(",")


def _parameters(method: ast.FunctionDef) -> set[str]:
    return {a.arg for a in (*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs)}


def _call_of_layer(context: Context, scope: Scope) -> ast.FunctionDef | None:
    """The method `call` of a layer class that this scope is, or stands in without a `training` of its own."""
    current: Scope | None = scope
    while current is not None and not (current.parent is not None and current.parent.kind == "class"):
        if isinstance(current.node, ast.FunctionDef) and "training" in _parameters(current.node):
            return None
        current = current.parent
    if current is None or current.parent is None or not isinstance(current.node, ast.FunctionDef):
        return None
    module = context.survey.module
    name = f"{module}.{current.parent.qualname}" if module else current.parent.qualname
    layer = any(a == "keras.Layer" or a.endswith(".Layer") for a in context.types.ancestors(name))
    variadic = current.node.args.vararg is not None or current.node.args.kwonlyargs
    return current.node if layer and current.node.name == "call" and not variadic and current.node.args.args else None
