"""Layers derived from Embedding and its like, whose outputs are other ones than those of the class they derive from.

Keras 3 asks a layer for what it gives by `compute_output_spec`. Some of its classes answer for one output of their
own shape, with arguments of their own `call`; Keras 1 and 2 asked `compute_output_shape`, as its base class still does
(keras 3.15, layers/core/embedding.py).
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

_MERGING = ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")
_ANSWER = frozenset(["Embedding", "Flatten", "Permute", "Reshape", *_MERGING])
_METHOD = "def compute_output_spec(self, *args, **kwargs):"
_ASKS = ".compute_output_spec(self, *args, **kwargs)"


def run(context: Context, row: Row) -> None:
    """Plan the method of the base class where a class has shapes or arguments of its own."""
    for scope in context.survey.names.classes:
        node = scope.node
        if not isinstance(node, ast.ClassDef):
            continue
        for base in node.bases:
            reference = context.reference_of.get(base)
            if reference is not None and _answers(reference):
                _plan(context, row, scope, node, reference)
                break


def _answers(reference: Reference) -> bool:
    return reference.name.startswith("keras.layers.") and reference.name.rpartition(".")[2] in _ANSWER


def _plan(context: Context, row: Row, scope: Scope, node: ast.ClassDef, reference: Reference) -> None:
    methods = {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
    shape, call = methods.get("compute_output_shape"), methods.get("call")
    after = shape or call
    if after is None or "compute_output_spec" in methods or (shape is None and not _takes_more(call)):
        return
    lines = context.survey.lines
    end = lines.end(after)
    margin, inner = " " * after.col_offset, " " * after.body[0].col_offset
    pieces = (f"\n\n{margin}{_METHOD}\n{inner}return ", "{@keras.layers.Layer}", _ASKS)
    changes = (Change(end, end, pieces),)
    context.add(
        TemplatePlan(
            id=context.id(row.code, end),
            code=row.code,
            start=lines.start(after),
            end=end,
            message=f"what `{node.name}` gives is asked of `{reference.name.rpartition('.')[2]}` alone today",
            severity=Severity.ERROR,
            safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
            bindings=context.movable(reference.bindings),
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def _takes_more(call: ast.FunctionDef | None) -> bool:
    """Whether a layer is called with more than its inputs."""
    if call is None:
        return False
    arguments = call.args
    return len(arguments.posonlyargs) + len(arguments.args) > 2 or bool(arguments.kwonlyargs or arguments.kwarg)
