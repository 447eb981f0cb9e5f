"""`call(self, *args, **kwargs)` of a layer derived from one of Keras: Keras 3 asks the signature what a layer takes.

It builds a layer with the shapes of the arguments that have names, and gives `training` and `mask` to a `call` that
names them (keras 3.15, layers/layer.py); Keras 1 and 2 built with the shape of the inputs.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, Reference, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Plan the signature of the class that a layer is derived from."""
    for scope in context.survey.names.classes:
        node = scope.node
        if not isinstance(node, ast.ClassDef) or len(node.bases) != 1:
            continue
        reference = context.reference_of.get(node.bases[0])
        if reference is None or not reference.name.startswith("keras.layers.") or reference.name.endswith(".Layer"):
            continue
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.name == "call" and _is_open(method):
                _plan(context, row, scope, method, reference)


def _is_open(method: ast.FunctionDef) -> bool:
    arguments = method.args
    alone = len(arguments.posonlyargs) + len(arguments.args) == 1 and not arguments.kwonlyargs
    return alone and arguments.vararg is not None and arguments.kwarg is not None and not method.decorator_list


def _plan(context: Context, row: Row, scope: Scope, method: ast.FunctionDef, reference: Reference) -> None:
    lines = context.survey.lines
    start = lines.start(method)
    base = "{@keras.layers." + reference.name.rpartition(".")[2] + ".call}"
    pieces = ("@{@functools.wraps}(" + base + ")\n" + " " * method.col_offset,)
    changes = (Change(start, start, pieces),)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=lines.end(method),
            message="Keras 3 asks the signature of `call` what a layer takes, and this one has no names",
            severity=Severity.ERROR,
            safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
            bindings=context.movable(reference.bindings),
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )
