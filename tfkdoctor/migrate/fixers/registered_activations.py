"""Activations that the program registers under a name: `get_custom_objects().update({"swish": swish})`, scopes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.migrate.summary import callee_name
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_SCOPES = frozenset(["CustomObjectScope", "custom_object_scope"])


def run(context: Context, row: Row) -> None:
    """Look such a name up where a layer gets it."""
    if not context.moves:
        return
    registered = set(_registered(context))
    lines = context.survey.lines
    for node, scope in _activations(context) if registered else ():
        if node.value not in registered:
            continue
        start, end = lines.start(node), lines.end(node)
        change = Change(start, end, ("{@keras.utils.get_registered_object}(", node, ")"))
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=f"{lines.segment(node)} is an activation of the program's own, which Keras 3 does not look up",
                severity=Severity.ERROR,
                silent=True,
                bindings=tuple(context.moves),
                introduces=introduced([change]),
                changes=(change,),
                scope=scope,
            )
        )


def _registered(context: Context) -> Iterator[str]:
    """Names under which the file registers objects."""
    for call, _ in context.survey.names.calls:
        func = call.func
        updates = isinstance(func, ast.Attribute) and func.attr == "update" and isinstance(func.value, ast.Call)
        if updates and isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call):
            updates = callee_name(func.value) == "get_custom_objects"
        if updates or callee_name(call) in _SCOPES:
            for given in call.args:
                keys = given.keys if isinstance(given, ast.Dict) else ()
                yield from (k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str))
            yield from (k.arg for k in call.keywords if k.arg and updates)
    for subscript in context.survey.names.subscripts:
        owner = subscript.value
        named = isinstance(owner, ast.Call) and callee_name(owner) == "get_custom_objects"
        if named and isinstance(subscript.slice, ast.Constant) and isinstance(subscript.slice.value, str):
            yield subscript.slice.value


def _activations(context: Context) -> Iterator[tuple[ast.Constant, Scope]]:
    """String literals that layers get as activations."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or not reference.name.startswith("keras.layers."):
            continue
        given = [k.value for k in call.keywords if k.arg in ("activation", "recurrent_activation", "inner_activation")]
        if reference.name.endswith(".Activation"):
            given += call.args[:1]
        for node in given:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node, scope
