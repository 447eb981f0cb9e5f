"""Callbacks that look at the logs of a batch: Keras 3 tells the means over the epoch so far there.

Keras up to 2.2.5 told the loss and the metrics of the batch alone (keras 2.2.5 engine/training_arrays.py, `fit_loop`).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_METHODS = ("on_batch_end", "on_train_batch_end")
_MESSAGE = "logs of a batch are means over the epoch so far today"


def run(context: Context, row: Row) -> None:
    """Give each class that looks at such logs the support class that takes the batches apart."""
    done: set[ast.AST] = set()
    for scope in context.survey.names.classes:
        if isinstance(scope.node, ast.ClassDef) and any(_looks(s) for s in scope.node.body):
            for base in _library_bases(context, scope):
                if base not in done:
                    done.add(base)
                    _plan(context, row, scope, base)
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is not None and reference.name == "keras.callbacks.LambdaCallback" and context.moves:
            for keyword in call.keywords:
                if keyword.arg in _METHODS:
                    _tell(context, row, keyword.value, "make it a class of its own, with the support class BatchLogs")


def _looks(statement: ast.stmt) -> bool:
    """Whether a statement is a method that does more with its logs than to hand them on."""
    if not isinstance(statement, ast.FunctionDef) or statement.name not in _METHODS:
        return False
    parameters = [a.arg for a in statement.args.args]
    logs = parameters[2] if len(parameters) > 2 else None
    handed = {id(a) for n in ast.walk(statement) if isinstance(n, ast.Call) and _is_super(n) for a in n.args}
    return any(isinstance(n, ast.Name) and n.id == logs and id(n) not in handed for n in ast.walk(statement))


def _is_super(call: ast.Call) -> bool:
    method = call.func
    return isinstance(method, ast.Attribute) and method.attr in _METHODS


def _library_bases(context: Context, scope: Scope, depth: int = 0) -> list[ast.expr]:
    """The base that is a callback of standalone Keras: of a class, or of the classes of this file above it."""
    assert isinstance(scope.node, ast.ClassDef)
    found: list[ast.expr] = []
    for base in scope.node.bases:
        reference = context.reference_of.get(base)
        if reference is not None and reference.name.startswith("keras.callbacks."):
            found += [base] if is_legacy_root(context, reference.name) else []
        elif isinstance(base, ast.Name) and depth < 9:
            above = (c for c in context.survey.names.classes if c.qualname == base.id and c is not scope)
            found += [
                b for c in above if isinstance(c.node, ast.ClassDef) for b in _library_bases(context, c, depth + 1)
            ]
    return found


def _plan(context: Context, row: Row, scope: Scope, base: ast.expr) -> None:
    reference = context.reference_of[base]
    bindings = context.movable(reference.bindings)
    if not (bindings or reference.providers):
        return
    if not context.settings.support:
        _tell(context, row, base, "allow support code (without --no-support)")
        return
    start = context.survey.lines.start(base)
    changes = (Change(start, start, ("{@support.BatchLogs}, ",)),)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=context.survey.lines.end(base),
            message=_MESSAGE,
            severity=Severity.ERROR,
            safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
            bindings=bindings,
            silent=True,
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def _tell(context: Context, row: Row, node: ast.expr, way: str) -> None:
    lines = context.survey.lines
    trouble = Trouble(row.code, lines.start(node), lines.end(node), _MESSAGE, way, Severity.WARNING)
    context.found.troubles.append(trouble)
