"""`trainable` that changes after compile(): on Keras 3 it counts when training, no longer when compiling.

The pattern of GANs: `d.compile(); d.trainable = False; gan.compile(); d.train_on_batch(…)`. Measured on TF 2.21: the
weights of `d` never change; on keras 2.2.5, 2.3.1 and TF 2.15 they do. No warning is given. Flags that are set before
compile() alone, as in fine-tuning, mean what they meant.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.metrics import compile_calls
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.summary import callee_name
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


@dataclass(frozen=True, slots=True)
class _Compile:
    """A call of compile(), and the text of what it is called on."""

    call: ast.Call
    scope: Scope
    model: ast.expr
    text: str


def run(context: Context, row: Row) -> None:
    """Let each model that is compiled before flags change remember them."""
    if not context.moves and not context.facts.is_standalone(context.path):
        return
    lines = context.survey.lines
    compiles = [
        _Compile(call, scope, call.func.value, lines.segment(call.func.value))
        for call, scope in compile_calls(context)
        if isinstance(call.func, ast.Attribute)
    ]
    compiled = {id(one.scope) for one in compiles}
    changes = sorted(lines.start(node) for node in _changes(context, compiled))
    for one in compiles:
        later = [lines.start(c.call) for c in compiles if c.text == one.text and c.call is not one.call]
        at = lines.start(one.call)
        if any(change > at and not any(again > change for again in later) for change in changes):
            _plan(context, row, one)


def _changes(context: Context, compiled: set[int]) -> Iterator[ast.expr | ast.stmt]:
    """Where a flag changes: assignments, and calls of the project's own functions that assign to what is theirs.

    `compiled` are the scopes that compile a model: there, an assignment stands where it happens.
    """
    helpers = set()
    for node, scope in context.survey.names.dotted:
        if node.attr != "trainable" or not isinstance(node.ctx, ast.Store):
            continue
        owner = None if id(scope) in compiled else _helper(context, node, scope)
        if owner is None:
            yield node
        else:
            helpers.add(owner)
    for call, _ in context.survey.names.calls:
        if callee_name(call) in helpers:
            yield call


def _helper(context: Context, node: ast.Attribute, scope: Scope) -> str | None:
    """The function whose parameter or local model gets the flag: `def freeze(net): net.trainable = False`."""
    root: ast.expr = node
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    use = context.survey.names.use_of.get(root)
    bindings = use.bindings if use is not None else ()
    function = scope.node
    if not isinstance(function, ast.FunctionDef) or not bindings or bindings[0].scope is not scope:
        return None
    return function.name if bindings[0].name != "self" else None


def _plan(context: Context, row: Row, one: _Compile) -> None:
    lines = context.survey.lines
    start, end = lines.start(one.model), lines.end(one.model)
    message = "on Keras 3 `trainable` counts at every training step, no longer at compile(); it changes after this one"
    if not context.settings.support or not context.writable(one.model):
        context.found.troubles.append(Trouble(row.code, start, end, message, row.help, Severity.ERROR))
        return
    changes = (Change(start, start, ("{@support.trainable_at_compile}(",)), Change(end, end, (")",)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            silent=True,
            introduces=introduced(changes),
            changes=changes,
            scope=one.scope,
        )
    )
